// The small parts of the mixer: sums, levels, gain rows, addresses, allowances.
#include <doctest/doctest.h>

#include <cmath>

#include "mixer/address_table.h"
#include "mixer/allowance.h"
#include "mixer/gain_table.h"
#include "mixer/level_meter.h"
#include "mixer/notice.h"
#include "mixer/sum.h"

using namespace plugjam;

TEST_CASE("a sum is clipped, and cut towards zero") {
  alignas(16) float left[16], right[16];
  for (int i = 0; i < 16; ++i) {
    left[i] = 0.75f * static_cast<float>(i);
    right[i] = static_cast<float>(i) * -5000.0f;
  }
  const StereoTerm terms[] = {{left, right, {1, 1}}, {left, right, {-2, 1}}};
  int16_t out[32];
  sum_stereo(terms, 16, out);
  for (int i = 0; i < 16; ++i) {
    CHECK(out[2 * i] == static_cast<int16_t>(std::trunc(-0.75 * i)));
    CHECK(out[2 * i + 1] == std::max(-32768, i * -10000));
  }
  int16_t mono[16];
  const MonoTerm loud[] = {{right, -1}, {right, -1}};
  sum_mono(loud, 16, mono);
  CHECK(mono[3] == 30000);
  CHECK(mono[4] == 32767);
  sum_mono({}, 16, mono);
  CHECK(mono[4] == 0);
}

TEST_CASE("levels: every 6.25 dB a step, 9 for clipping alone, halved while it falls") {
  const auto level_of = [](double db) {
    LevelMeter meter;
    int16_t block[64] = {};
    block[30] = static_cast<int16_t>(-std::lround(32767 * std::pow(10, db / 20)));
    meter.measure(block, 1);
    return meter.level();
  };
  CHECK(level_of(-0.1) == 8);
  CHECK(level_of(-6) == 8);
  CHECK(level_of(-6.5) == 7);
  CHECK(level_of(-25.5) == 4);
  CHECK(level_of(-49.5) == 1);
  CHECK(level_of(-50.5) == 0);

  LevelMeter meter;
  int16_t block[128] = {};
  meter.measure(block, 2);
  CHECK(meter.level() == 0);
  block[1] = -32768;  // frame 0, right
  meter.measure(block, 2);
  CHECK(meter.level() == 9);
  block[1] = 32767;   // positive samples do not count
  block[2] = -32768;  // nor does frame 1
  meter.measure(block, 2);
  CHECK(meter.level() == 8);  // -6.02 dB
  meter.measure(block, 2);
  CHECK(meter.level() == 7);
}

TEST_CASE("rows are alike as long as they agree on everybody who is there") {
  GainTable table(4);
  for (const int slot : {0, 1, 2}) {
    table.connect(slot);
    table.set_channels(slot, 2);
  }
  CHECK(table.alike(0, 1));
  table.set_gain(0, 2, 0.5f);
  CHECK(!table.alike(0, 1));
  table.set_gain(1, 2, 0.5f);
  CHECK(table.alike(0, 1));
  table.set_pan(1, 0, 0.25f);
  CHECK(!table.alike(0, 1));
  CHECK(table.share(1, 0) == Share{1.0f, 0.5f});
  table.disconnect(0);
  CHECK(table.alike(0, 1));
  table.connect(0);
  table.set_channels(0, 2);
  CHECK(table.alike(0, 1) == false);  // 1 still has 2 at a half, 0 is new
  table.set_gain(1, 2, 1.0f);
  CHECK(table.alike(0, 1));
  // Where a source is not heard, or all goes to one ear, panning it changes nothing.
  table.set_pan(1, 3, 0.1f);
  CHECK(table.alike(0, 1));
  table.set_gain(0, 2, 0.0f);
  table.set_gain(1, 2, 0.0f);
  table.set_pan(1, 2, 0.9f);
  CHECK(table.alike(0, 1));
  table.set_gain(0, 2, 1.0f);
  table.set_gain(1, 2, 1.0f);
  CHECK(!table.alike(0, 1));
  table.set_channels(0, 1);
  table.set_channels(1, 1);
  CHECK(table.alike(0, 1));
}

TEST_CASE(
    "150 clients are found by address and port, strangers are not, and nobody is lost when others leave") {
  AddressTable table(0x1234567);
  const auto endpoint = [](int i, int port) {
    Endpoint endpoint;
    const std::string text = i % 2 == 0 ? "10.0.0." + std::to_string(i) : "fd00::" + std::to_string(i);
    REQUIRE(Endpoint::parse(text.c_str(), static_cast<uint16_t>(port), endpoint));
    return endpoint;
  };
  for (int i = 0; i < 150; ++i) table.add(i, endpoint(i, 22134));
  for (int i = 0; i < 150; ++i) {
    CHECK(table.find(endpoint(i, 22134)) == i);
    CHECK(table.find(endpoint(i, 22135)) == kNobody);
  }
  for (int i = 0; i < 150; i += 3) table.remove(i);
  for (int i = 0; i < 150; ++i) CHECK(table.find(endpoint(i, 22134)) == (i % 3 == 0 ? kNobody : i));
}

TEST_CASE("an allowance: a few at once, then so many a second") {
  Allowance allowance(100, 5);
  int64_t now = 1'000'000'000'000;
  const auto take_all = [&](int tries) {
    int taken = 0;
    for (int i = 0; i < tries; ++i) taken += allowance.take(now) ? 1 : 0;
    return taken;
  };
  CHECK(take_all(100) == 5);
  int taken = 0;
  for (int ms = 0; ms < 1000; ++ms) {
    now += 1'000'000;
    taken += take_all(50);
  }
  CHECK(taken == 100);
  now += 60'000'000'000;
  CHECK(take_all(100) == 5);
}
