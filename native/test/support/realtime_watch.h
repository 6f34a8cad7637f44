// Counts what the audio thread must not do: allocations, locks and system calls beyond its list.
#pragma once

#include <cstdint>

namespace plugjam::test {

struct Misdeeds {
  uint64_t allocations = 0;
  uint64_t locks = 0;
  uint64_t system_calls = 0;
  int last_system_call = -1;

  uint64_t sum() const { return allocations + locks + system_calls; }
};

// In the calling thread, for the rest of its life: system calls beyond the list are refused and counted.
void watch_system_calls();

// Only what happens inside a RealtimeScope counts.
void forget_misdeeds();
Misdeeds misdeeds();

}  // namespace plugjam::test
