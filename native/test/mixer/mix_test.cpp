// The mix is the formula of the protocol (spec 6.2, 6.3), to the sample: raw audio goes in and comes out.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "mixer/desk_rig.h"

using namespace plugjam;
using namespace plugjam::test;

namespace {

constexpr int kFrames = 64;
constexpr int kClients = 6;

// Slots 0 … 2 are mono, 3 … 5 stereo.
int channels_of(int slot) { return slot < 3 ? 1 : 2; }

struct Setting {
  double gain = 1;
  double pan = 0.5;
};

// The formula once more, plainly.
Samples expected(int listener, const std::vector<Samples>& blocks,
                 const Setting (&settings)[kClients][kClients], const std::vector<double>& fades) {
  const int channels = channels_of(listener);
  Samples mix;
  for (int frame = 0; frame < kFrames; ++frame) {
    double sums[2] = {};
    for (int source = 0; source < kClients; ++source) {
      const Setting& setting = settings[listener][source];
      const double fade = fades[static_cast<size_t>(source)] *
                          (source != listener ? fades[static_cast<size_t>(listener)] : 1.0);
      const double gain = setting.gain * fade;
      const Samples& block = blocks[static_cast<size_t>(source)];
      const auto at = [&](int channel) {
        const int wide = channels_of(source);
        return static_cast<double>(block[static_cast<size_t>(frame * wide + channel % wide)]);
      };
      if (channels == 1) {
        sums[0] += gain * (at(0) + at(1)) / 2;
      } else {
        sums[0] += gain * 2 * std::min(0.5, 1 - setting.pan) * at(0);
        sums[1] += gain * 2 * std::min(0.5, setting.pan) * at(1);
      }
    }
    for (int channel = 0; channel < channels; ++channel) {
      mix.push_back(static_cast<int16_t>(std::clamp(sums[channel], -32768.0, 32767.0)));
    }
  }
  return mix;
}

int furthest(const Samples& one, const Samples& other) {
  REQUIRE(one.size() == other.size());
  int furthest = 0;
  for (size_t i = 0; i < one.size(); ++i) furthest = std::max(furthest, std::abs(one[i] - other[i]));
  return furthest;
}

std::vector<int> all_slots() { return {0, 1, 2, 3, 4, 5}; }

}  // namespace

TEST_CASE("gains, pans and all four combinations of mono and stereo give what the formula gives") {
  DeskRig rig(64);
  Random random(1);
  for (const int slot : all_slots()) rig.join(slot, raw_format(64, channels_of(slot)));
  rig.fade_in(all_slots());

  Setting settings[kClients][kClients];
  int clipped = 0;
  for (int round = 0; round < 200; ++round) {
    for (int change = 0; change < 3; ++change) {
      const int listener = random.below(kClients);
      const int source = random.below(kClients);
      Setting& setting = settings[listener][source];
      setting.gain = random.below(4) == 0 ? random.below(2) : random.part();
      setting.pan = random.below(4) == 0 ? 0.5 * random.below(3) : random.part();
      rig.desk.set_gain(listener, source, static_cast<float>(setting.gain));
      rig.desk.set_pan(listener, source, static_cast<float>(setting.pan));
    }
    std::vector<Samples> blocks;
    for (const int slot : all_slots()) {
      blocks.push_back(random.samples(kFrames * channels_of(slot), round % 2 == 0 ? 3000 : 32767));
      rig.play(slot, blocks.back());
    }
    rig.tick();
    for (const int slot : all_slots()) {
      const Samples heard = rig.heard(slot);
      CHECK(furthest(heard, expected(slot, blocks, settings, std::vector<double>(kClients, 1.0))) <= 1);
      clipped += static_cast<int>(std::count(heard.begin(), heard.end(), int16_t{32767}));
    }
  }
  CHECK(clipped > 100);
}

TEST_CASE(
    "a newcomer fades in for three seconds of packets, in what it hears and in what others hear of it") {
  DeskRig rig(64);
  Random random(2);
  for (const int slot : all_slots()) {
    if (slot != 4) rig.join(slot, raw_format(64, channels_of(slot)));
  }
  rig.fade_in({0, 1, 2, 3, 5});
  rig.join(4, raw_format(64, 2));

  const Setting settings[kClients][kClients];
  std::vector<double> fades(kClients, 1.0);
  for (int packet = 1; packet <= 2300; ++packet) {
    fades[4] = std::min(1.0, packet / 2250.0);
    std::vector<Samples> blocks;
    for (const int slot : all_slots()) {
      blocks.push_back(random.samples(kFrames * channels_of(slot), 5000));
      rig.play(slot, blocks.back());
    }
    rig.tick();
    if (packet % 50 != 0) continue;
    for (const int slot : all_slots())
      CHECK(furthest(rig.heard(slot), expected(slot, blocks, settings, fades)) <= 1);
  }
}

TEST_CASE("the fade counts packets: two, or four, blocks in one are one") {
  for (const int factor : {1, 2, 4}) {
    for (const int frames : {64, 128}) {
      DeskRig rig(128);
      rig.join(0, raw_format(frames, 1, factor));
      const int most = (frames == 64 ? 2250 : 1125) / factor;
      const Packet packet(static_cast<size_t>(rig.desk.source(0).format().packet_bytes()));
      for (int i = 0; i < most - 1; ++i) rig.desk.receive(0, packet);
      CHECK(rig.desk.source(0).fade() == doctest::Approx((most - 1.0) / most));
      rig.desk.receive(0, Packet(3));  // of no size that was agreed on: a sign of life, no more
      CHECK(rig.desk.source(0).fading());
      rig.desk.receive(0, packet);
      CHECK(!rig.desk.source(0).fading());
    }
  }
}

TEST_CASE("who is not admitted is neither heard nor sent to; who is gone is not either") {
  DeskRig rig(64);
  rig.join(0, raw_format(64, 1));
  rig.desk.add(1);
  rig.desk.set_jitter(1, 1);
  rig.desk.set_format(1, raw_format(64, 1));
  const Samples loud(kFrames, 10000);
  for (int i = 0; i < 100; ++i) {
    rig.play(0, Samples(kFrames));
    rig.play(1, loud);
    rig.tick();
    CHECK(rig.heard(0) == Samples(kFrames));
    CHECK(rig.sent[1].empty());
  }
  rig.desk.admit(1);
  rig.fade_in({0, 1});
  rig.play(0, Samples(kFrames));
  rig.play(1, loud);
  rig.tick();
  CHECK(rig.heard(0) == loud);
  CHECK(rig.sent[1].size() == 1);

  rig.desk.remove(1);
  rig.play(0, Samples(kFrames));
  rig.tick();
  CHECK(rig.heard(0) == Samples(kFrames));
  CHECK(rig.sent[1].empty());
}

TEST_CASE("a newcomer hears and is heard at gain 1 in the middle, whatever the slot's last client had set") {
  DeskRig rig(64);
  rig.join(0, raw_format(64, 2));
  rig.join(1, raw_format(64, 2));
  rig.desk.set_gain(0, 1, 0.0f);
  rig.desk.set_pan(1, 0, 1.0f);
  rig.desk.remove(1);
  rig.join(1, raw_format(64, 2));
  rig.fade_in({0, 1});
  rig.play(0, Samples(2 * kFrames, 1000));
  rig.play(1, Samples(2 * kFrames, 200));
  rig.tick();
  CHECK(rig.heard(0) == Samples(2 * kFrames, 1200));
  CHECK(rig.heard(1) == Samples(2 * kFrames, 1200));
}

TEST_CASE(
    "blocks of 64 and 128 frames, packed by 1, 2 and 4, on both ticks: every sample once and in order") {
  for (const int tick : {64, 128}) {
    for (const int frames : {64, 128}) {
      for (const int factor : {1, 2, 4}) {
        for (const int slot : {0, 1}) {
          CAPTURE(tick);
          CAPTURE(frames);
          CAPTURE(factor);
          CAPTURE(slot);
          DeskRig rig(tick);
          const AudioFormat format = raw_format(frames, 1, factor);
          rig.join(slot, format);
          rig.desk.set_jitter(slot, 2 * factor + 2);
          const int packet_frames = frames * factor;

          // A ramp that repeats after a prime number of frames. Fade-in first; then it must come back as it
          // was.
          int played = 0;
          uint8_t sequence = 250;
          const auto play = [&] {
            Packet packet;
            for (int block = 0; block < factor; ++block) {
              Samples samples;
              for (int i = 0; i < frames; ++i) samples.push_back(static_cast<int16_t>(played++ % 9973));
              const Packet one = raw_block(samples, sequence++);
              packet.insert(packet.end(), one.begin(), one.end());
            }
            rig.desk.receive(slot, packet);
          };
          Samples heard;
          std::vector<uint8_t> sequences;
          for (int at = 0; at < 48000 * 4; at += tick) {
            if (at % packet_frames == 0) play();
            if (tick > packet_frames) play();
            rig.tick();
            for (const Packet& packet : rig.sent[slot]) {
              REQUIRE(packet.size() == static_cast<size_t>(format.packet_bytes()));
              for (int block = 0; block < factor; ++block) {
                const uint8_t* bytes = &packet[static_cast<size_t>(block * format.slot_bytes())];
                const Samples samples = samples_of({bytes, static_cast<size_t>(format.block_bytes)});
                if (!rig.desk.source(slot).fading())
                  heard.insert(heard.end(), samples.begin(), samples.end());
                sequences.push_back(bytes[format.block_bytes]);
              }
            }
          }
          REQUIRE(heard.size() > 40000);
          // The first packet after the fade may have blocks from within it.
          const size_t begin = static_cast<size_t>(2 * packet_frames);
          bool in_order = true;
          for (size_t i = begin + 1; i < heard.size(); ++i) in_order &= heard[i] == (heard[i - 1] + 1) % 9973;
          CHECK(in_order);
          bool counted = true;
          for (size_t i = 1; i < sequences.size(); ++i) {
            counted &= sequences[i] == static_cast<uint8_t>(sequences[i - 1] + 1);
          }
          CHECK(counted);
          CHECK(rig.desk.source(slot).counters().concealed == 0);
        }
      }
    }
  }
}

TEST_CASE("sequence numbers go on through a change of format") {
  DeskRig rig(64);
  rig.join(0, raw_format(64, 1));
  rig.tick();
  const uint8_t before = rig.last(0).back();
  rig.desk.set_format(0, raw_format(64, 2));
  rig.tick();
  CHECK(rig.last(0).size() == 257);
  CHECK(rig.last(0).back() == static_cast<uint8_t>(before + 1));
}

TEST_CASE("30 s without audio are told once; a datagram of any size begins them anew") {
  DeskRig rig(128);
  rig.join(3, raw_format(128, 1));
  const int ticks = 30 * 48000 / 128;
  for (int i = 0; i < ticks - 5; ++i) rig.tick();
  rig.desk.receive(3, Packet(1));
  for (int i = 0; i < ticks; ++i) rig.tick();
  CHECK(rig.silent.empty());
  for (int i = 0; i < 2 * ticks; ++i) rig.tick();
  CHECK(rig.silent == std::vector<int>{3});
}

TEST_CASE("the automatic depth is told when it changes, first with the format; a set depth is not") {
  DeskRig rig(64);
  rig.desk.add(0);
  CHECK(rig.depths[0].empty());
  rig.desk.set_format(0, opus_format(64, 1));
  rig.tick();
  CHECK(rig.depths[0] == std::vector<int>{6});
  rig.desk.set_format(0, opus_format(64, 2));
  rig.tick();
  CHECK(rig.depths[0] == std::vector<int>{6});
  rig.desk.set_jitter(0, 12);
  rig.tick();
  CHECK(rig.depths[0] == std::vector<int>{6});
  CHECK(rig.desk.source(0).counters().jitter_blocks == 12);
  rig.desk.set_jitter(0, 0);
  rig.tick();
  CHECK(rig.depths[0] == std::vector<int>{6, 6});
}
