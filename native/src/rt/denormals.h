// Numbers so small that processors need a hundred times as long for them: this thread takes them for zero.
#pragma once

#include <cstdint>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace plugjam {

// Filters that fade into silence are full of them. What is lost lies below -750 dB.
inline void flush_denormals() {
#if defined(__x86_64__)
  constexpr unsigned kFlushResults = 0x8000;
  constexpr unsigned kFlushOperands = 0x0040;
  _mm_setcsr(_mm_getcsr() | kFlushResults | kFlushOperands);
#elif defined(__aarch64__)
  constexpr uint64_t kFlush = uint64_t{1} << 24;
  uint64_t control = 0;
  asm volatile("mrs %0, fpcr" : "=r"(control));
  asm volatile("msr fpcr, %0" : : "r"(control | kFlush));
#endif
}

}  // namespace plugjam
