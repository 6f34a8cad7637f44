// Wake-ups and work whose times are known.
#include "engine/thread_timing.h"

#include <doctest/doctest.h>

#include <memory>

using namespace plugjam;

namespace {

constexpr int kFrames = 64;
constexpr double kPeriodNs = kFrames * 1e9 / 48000;

// A card off by `ppm`: every 100th wake-up is late by 400 us, and every 500th by 1 ms; work takes a tenth of
// a period.
void run(ThreadTiming& timing, double ppm, double seconds, double begin = 5e12) {
  const double period_ns = kPeriodNs * (1 - ppm * 1e-6);
  for (int i = 0; i * period_ns < seconds * 1e9; ++i) {
    const double late_ns = i % 500 == 499 ? 1e6 : i % 100 == 50 ? 400e3 : 0;
    const auto at_ns = static_cast<int64_t>(begin + i * period_ns + late_ns);
    timing.woke(kFrames, at_ns);
    timing.done(kFrames, at_ns + static_cast<int64_t>(kPeriodNs / 10));
  }
}

}  // namespace

TEST_CASE("lateness and work are told as they were, whatever the card's clock") {
  for (const double ppm : {-300.0, 0.0, 300.0}) {
    CAPTURE(ppm);
    const auto timing = std::make_unique<ThreadTiming>();
    run(*timing, ppm, 30);
    CHECK(timing->lateness_ms().middle < 0.002);
    CHECK(timing->lateness_ms().most_but == doctest::Approx(1).epsilon(0.07));
    CHECK(timing->lateness_ms().most == doctest::Approx(1).epsilon(0.01));
    CHECK(timing->work_share().middle == doctest::Approx(0.1).epsilon(0.07));
    CHECK(timing->work_share().most == doctest::Approx(0.1).epsilon(0.01));
  }
}

TEST_CASE("what was two minutes ago is forgotten") {
  const auto timing = std::make_unique<ThreadTiming>();
  run(*timing, 0, 1);
  for (int minute = 1; minute <= 2; ++minute) {
    timing->restart();
    for (int i = 0; i < 1000; ++i) {
      const auto at_ns = static_cast<int64_t>(5e12 + minute * 61e9 + i * kPeriodNs);
      timing->woke(kFrames, at_ns);
      timing->done(kFrames, at_ns + 1000);
    }
    CHECK((timing->lateness_ms().most > 0.9) == (minute == 1));
  }
  CHECK(timing->work_share().most < 0.01);
}
