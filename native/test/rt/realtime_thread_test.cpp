// What a realtime thread computes with: no number is so small that it costs time.
#include "rt/realtime_thread.h"

#include <doctest/doctest.h>

#include <limits>

using plugjam::RealtimeThread;

namespace {

// The least normal number halved; volatile, so that it is computed here and now.
void halve_least(void* result) {
  volatile float least = std::numeric_limits<float>::min();
  *static_cast<volatile float*>(result) = least * 0.5f;
}

}  // namespace

TEST_CASE("a realtime thread takes denormal numbers for zero, and no other thread does") {
  float here = 0;
  halve_least(&here);
  float there = 1;
  int refused = 0;
  RealtimeThread thread;
  REQUIRE(thread.start(1, halve_least, &there, refused) == 0);
  thread.join();
  CHECK(here > 0.0f);
  CHECK(there == 0.0f);
}
