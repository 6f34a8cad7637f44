// The card's clock must stay exact for hours, whatever its crystal is off by.
#include "../../virtual-card/card_clock.h"

#include <doctest/doctest.h>

#include <initializer_list>

using plugjam::virtual_card::CardClock;

namespace {

constexpr uint64_t kSecond = 1'000'000'000;
constexpr uint64_t kHour = 3600 * kSecond;

}  // namespace

TEST_CASE("card clock: a true crystal counts its nominal rate") {
  const CardClock clock(48000, 0);
  CHECK(clock.frame_at(0) == 0);
  CHECK(clock.frame_at(kSecond - 1) == 47999);
  CHECK(clock.frame_at(kSecond) == 48000);
  CHECK(clock.frame_at(1000 * kHour) == 48000ull * 3600 * 1000);
}

TEST_CASE("card clock: 200 ppm make 9.6 frames a second, after hours too") {
  CHECK(CardClock(48000, 200).frame_at(10 * kSecond) == 480096);
  CHECK(CardClock(48000, -200).frame_at(10 * kSecond) == 479904);
  CHECK(CardClock(48000, 200).frame_at(24 * kHour) == 48000ull * 3600 * 24 * 10002 / 10000);
  CHECK(CardClock(48000, -200).frame_at(24 * kHour) == 48000ull * 3600 * 24 * 9998 / 10000);
  CHECK(CardClock(44100, 12.5).frame_at(80 * kHour) == 44100ull * 3600 * 80 / 80000 * 80001);
}

TEST_CASE("card clock: time_of is the first nanosecond of a frame") {
  for (const double ppm : {-200.0, -33.3, 0.0, 0.1, 200.0}) {
    const CardClock clock(48000, ppm);
    for (uint64_t frame = 1; frame < 48000ull * 3600 * 12; frame = frame * 3 + 7) {
      const uint64_t time = clock.time_of(frame);
      CHECK(clock.frame_at(time) == frame);
      CHECK(clock.frame_at(time - 1) == frame - 1);
    }
  }
}
