// Jitter of arriving packets.
#include "net/arrival_stats.h"

#include <doctest/doctest.h>

using namespace plugjam;

namespace {
constexpr int64_t kMs = 1'000'000;
}

TEST_CASE("an even stream has no jitter, lost packets and the wrap of the numbers included") {
  ArrivalStats stats;
  stats.configure(2 * kMs);
  for (int n = 0; n < 1000; ++n) {
    if (n % 7 != 3) stats.on_packet(n * 2 * kMs, static_cast<uint8_t>(n));
  }
  CHECK(stats.jitter_ms() == doctest::Approx(0.0));
}

TEST_CASE("jitter is the smoothed difference of transit times") {
  ArrivalStats stats;
  stats.configure(2 * kMs);
  stats.on_packet(0, 0);
  stats.on_packet(3 * kMs + 200'000, 1);  // 1.2 ms later than the first one's pace
  CHECK(stats.jitter_ms() == doctest::Approx(1.2 / 16));
  // Every second packet 1 ms late: each transit differs by 1 ms from the one before.
  stats.configure(2 * kMs);
  for (int n = 0; n < 500; ++n) stats.on_packet(n * 2 * kMs + n % 2 * kMs, static_cast<uint8_t>(n));
  CHECK(stats.jitter_ms() == doctest::Approx(1.0).epsilon(0.001));
}
