// The one clock of the engine, and of JavaScript beside it: CLOCK_MONOTONIC in nanoseconds.
#pragma once

#include <time.h>

#include <cstdint>

namespace plugjam {

inline int64_t read_clock_ns(clockid_t clock) {
  timespec now;
  clock_gettime(clock, &now);
  return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

inline int64_t monotonic_ns() { return read_clock_ns(CLOCK_MONOTONIC); }

}  // namespace plugjam
