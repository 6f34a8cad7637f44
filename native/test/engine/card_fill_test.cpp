// How little a card is left with: by how late wake-ups are, and never so that a frame is missing.
#include "engine/card_fill.h"

#include <doctest/doctest.h>

#include <algorithm>

using plugjam::CardFill;

namespace {

constexpr int kPeriod = 64;
constexpr int kSecond = 48000 / kPeriod;
constexpr int kMinute = 60 * kSecond;

// A card of two periods, filled, played at an even rate, given more by wake-ups that are `late` frames late.
struct Rig {
  CardFill fill;
  int held = 2 * kPeriod;
  int least = 2 * kPeriod;
  int most_more = 0;
  bool dry = false;

  Rig() { fill.use_card(kPeriod); }
  void period(int late = 0, int spacing = 1) {
    held -= kPeriod;
    least = std::min(least, held - late);
    dry = dry || held < late;
    const int frames = fill.next(kPeriod, spacing);
    fill.wrote(held - late);
    most_more = std::max(most_more, frames - kPeriod);
    held += frames;
  }
  void run(int periods, int late = 0, int spacing = 1) {
    for (int i = 0; i < periods; ++i) period(late, spacing);
  }
  void stumble() {
    held = 2 * kPeriod;
    fill.stumbled();
  }
};

}  // namespace

TEST_CASE("a machine that is always in time leaves a card a third of a millisecond, after a first look") {
  Rig rig;
  rig.run(9 * kSecond);
  CHECK(rig.fill.headroom_frames() == kPeriod);
  rig.run(2 * kSecond);
  CHECK(rig.fill.headroom_frames() == 16);
  CHECK(rig.held - kPeriod == 16);
  CHECK_FALSE(rig.dry);
}

TEST_CASE("the later the latest wake-up was, the more is left: half as much again") {
  Rig rig;
  for (int i = 0; i < kMinute; ++i) rig.period(i % 1000 == 999 ? 20 : 1);
  CHECK(rig.fill.headroom_frames() == 20 + 10 + 16);
  CHECK(rig.least - 1 >= 16);
  CHECK_FALSE(rig.dry);
}

TEST_CASE("a machine whose wake-ups take half of all there is leaves the card full") {
  Rig rig;
  for (int i = 0; i < kMinute; ++i) rig.period(i % 1000 == 500 ? 33 : 0);
  CHECK(rig.fill.headroom_frames() == kPeriod);
}

TEST_CASE("where wake-ups come later, more is given at once, and less again after minutes without any such") {
  Rig rig;
  rig.run(kMinute);
  REQUIRE(rig.fill.headroom_frames() == 16);
  rig.period(12);
  rig.run(10);
  CHECK(rig.fill.headroom_frames() == 12 + 6 + 16);
  CHECK(rig.most_more <= CardFill::kMostMore);
  rig.run(3 * kMinute);
  CHECK(rig.fill.headroom_frames() == 16);
  CHECK_FALSE(rig.dry);
}

TEST_CASE("a frame less comes only where nobody hears it, and so far from the next as that asks for") {
  Rig rig;
  rig.run(kMinute, 0, 0);
  CHECK(rig.fill.headroom_frames() == kPeriod);
  rig.run(10 * 20, 0, 20 * kPeriod);
  CHECK(rig.fill.headroom_frames() == kPeriod - 10);
}

TEST_CASE("a card that ran dry with less stays full for ten minutes, the next time for twenty") {
  Rig rig;
  for (const int minutes : {10, 20}) {
    rig.run(kMinute);
    REQUIRE(rig.fill.headroom_frames() == 16);
    rig.stumble();
    rig.run(minutes * kMinute - 1);
    CHECK(rig.fill.headroom_frames() == kPeriod);
    rig.run(kMinute);
    CHECK(rig.fill.headroom_frames() == 16);
  }
}

TEST_CASE("one that ran dry when full is looked at anew") {
  Rig rig;
  rig.stumble();
  rig.run(11 * kSecond);
  CHECK(rig.fill.headroom_frames() == 16);
}

TEST_CASE("a card that must be kept full is") {
  Rig rig;
  rig.fill.use_card(0);
  rig.held = 2 * kPeriod;
  rig.run(2 * kMinute);
  CHECK(rig.held == 2 * kPeriod);
  CHECK(rig.fill.headroom_frames() == 0);
}
