// Who hears the same shares an encoder, and nobody hears it part or meet.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "codec/block_decoder.h"
#include "mixer/desk_rig.h"

using namespace plugjam;
using namespace plugjam::test;

namespace {

// One player sends raw music; another, silent, is there so that a fader can be moved without changing the
// sound. A witness with the faders of all others hears each mix in whole numbers.
constexpr int kPlayer = 0;
constexpr int kSilent = 1;
constexpr int kSettleTicks = 100;

class Choir {
 public:
  explicit Choir(const std::vector<int>& listeners, const AudioFormat& format, int tick_frames = 64)
      : rig(tick_frames), listeners_(listeners), tick_frames_(tick_frames) {
    rig.join(kPlayer, raw_format(64, 2));
    rig.join(kSilent, raw_format(64, 2));
    for (const int slot : listeners) rig.join(slot, format);
    // Their own audio is never decoded to anything: a listener's packets are of no agreed size, but for the
    // fade.
    for (int block = 0; block < 2250; ++block) {
      rig.play(kPlayer, Samples(128));
      rig.play(kSilent, Samples(128));
      for (const int slot : listeners) rig.desk.receive(slot, silence(format));
      rig.tick();
    }
    step(kSettleTicks);
  }

  void step(int ticks = 1) {
    for (int i = 0; i < ticks; ++i) {
      for (int block = 0; block < tick_frames_ / 64; ++block) rig.play(kPlayer, music());
      for (int block = 0; block < tick_frames_ / 64; ++block) rig.play(kSilent, Samples(128));
      rig.tick();
    }
  }
  // One more, who hears raw.
  void join_raw(int slot, int channels) {
    rig.join(slot, raw_format(64, channels));
    for (int block = 0; block < 2250; ++block) {
      rig.play(slot, Samples(static_cast<size_t>(64 * channels)));
      step();
    }
  }
  // Without the sequence byte.
  Packet coded(int slot) {
    Packet packet = rig.last(slot);
    packet.pop_back();
    return packet;
  }
  // Blocks encoded for the listeners in the next tick; the player and the silent one have one of their own,
  // or share.
  uint64_t encoders() {
    const uint64_t before = rig.desk.encoded();
    step();
    return rig.desk.encoded() - before;
  }

  DeskRig rig;

 private:
  Packet silence(const AudioFormat& format) {
    Packet packet(static_cast<size_t>(format.packet_bytes()));
    packet[0] = format.channels == 2 ? 4 : 0;
    packet[1] = 0xFF;
    packet[2] = 0xFE;
    return packet;
  }
  Samples music() {
    Samples samples;
    for (int i = 0; i < 64; ++i, ++frame_) {
      const double seconds = frame_ / 48000.0;
      noise_ += 0.2 * (random_.part() - 0.5 - noise_);
      const double chord =
          std::sin(2764 * seconds) + std::sin(3482 * seconds) + 0.5 * std::sin(8294 * seconds) + noise_;
      samples.push_back(static_cast<int16_t>(5000 * chord));
      samples.push_back(static_cast<int16_t>(4000 * chord + 2000 * std::sin(1382 * seconds)));
    }
    return samples;
  }

  std::vector<int> listeners_;
  int tick_frames_;
  int frame_ = 0;
  double noise_ = 0;
  Random random_{7};
};

// What a codec did to the sound, block by block.
struct Noise {
  double worst = 0;
  double sum = 0;

  void add(const std::vector<float>& decoded, const std::vector<float>& original) {
    double energy = 0;
    for (size_t i = 0; i < decoded.size(); ++i) energy += std::pow(decoded[i] - original[i], 2);
    worst = std::max(worst, energy);
    sum += energy;
  }
};

}  // namespace

TEST_CASE("equal faders: one mix, one encoder, the same bytes to all, each numbered for itself") {
  Choir choir({2, 3, 4, 5}, opus_format(64, 2));
  CHECK(choir.encoders() == 2);  // the raw two, and all the others
  for (int i = 0; i < 20; ++i) {
    for (const int slot : {3, 4, 5}) CHECK(choir.coded(slot) == choir.coded(2));
    const uint8_t before = choir.rig.last(3).back();
    choir.step();
    CHECK(choir.rig.last(3).back() == static_cast<uint8_t>(before + 1));
  }
}

TEST_CASE("other formats are other groups; packing is not") {
  Choir choir({2, 3}, opus_format(64, 2));
  AudioFormat plain = opus_format(64, 2);
  plain.sequenced = false;
  choir.rig.desk.set_format(3, plain);
  choir.step(kSettleTicks);
  CHECK(choir.encoders() == 2);
  CHECK(choir.rig.last(3) == choir.coded(2));
  choir.rig.desk.set_format(3, opus_format(64, 1));
  choir.step(kSettleTicks);
  CHECK(choir.encoders() == 3);
}

TEST_CASE(
    "who moves a fader goes on with a copy of the encoder: not a bit changes while the sound is the same") {
  // Whoever it is that parts: one who follows, or the one who encodes for all.
  for (const int who : {2, 3, 4}) {
    CAPTURE(who);
    Choir choir({2, 3, 4}, opus_format(64, 2));
    choir.rig.desk.set_gain(who, kSilent, 0.5f);
    CHECK(choir.encoders() == 3);
    for (int i = 0; i < 200; ++i) {
      choir.step();
      for (const int slot : {3, 4}) REQUIRE(choir.coded(slot) == choir.coded(2));
    }
    // They are two encoders indeed.
    choir.rig.desk.set_gain(who, kPlayer, 0.9f);
    choir.step();
    CHECK(choir.coded(who) != choir.coded(who == 2 ? 3 : 2));
  }
}

TEST_CASE("many who part alike stay together") {
  Choir choir({2, 3, 4, 5, 6}, opus_format(64, 2));
  for (const int slot : {3, 5, 6}) choir.rig.desk.set_gain(slot, kSilent, 0.5f);
  CHECK(choir.encoders() == 3);
}

TEST_CASE("who leaves, or changes format, leaves the others' stream as it is") {
  for (const bool gone : {true, false}) {
    CAPTURE(gone);
    Choir choir({2, 3, 4}, opus_format(64, 2));
    // A twin that nobody leaves.
    Choir twin({2, 3, 4}, opus_format(64, 2));
    REQUIRE(choir.coded(3) == twin.coded(3));
    const int leader = choir.rig.desk.leader(3);
    if (gone) {
      choir.rig.desk.remove(leader);
    } else {
      choir.rig.desk.set_format(leader, opus_format(64, 1));
    }
    const int stays = leader == 4 ? 3 : 4;
    for (int i = 0; i < 100; ++i) {
      choir.step();
      twin.step();
      REQUIRE(choir.coded(stays) == twin.coded(stays));
    }
  }
}

TEST_CASE("groups that hear the same again meet, and a decoder hears no more than coding noise") {
  for (const int block_frames : {64, 128}) {
    for (const int channels : {1, 2}) {
      CAPTURE(block_frames);
      CAPTURE(channels);
      const AudioFormat format = opus_format(block_frames, channels);
      const size_t block_samples = static_cast<size_t>(block_frames * channels);
      // 2 leaves the others and comes back. 3 has the same faders and hears raw: what it hears goes through
      // an encoder that never shares.
      Choir choir({2, 4, 6}, format);
      choir.join_raw(3, channels);
      BlockDecoder meeting, apart;
      BlockEncoder alone;
      meeting.configure(format);
      apart.configure(format);
      alone.configure(format);

      Noise noise_meeting, noise_apart;
      int meetings = 0;
      int met_at = -1000;
      bool together = true;
      Samples mix;
      std::vector<float> before;
      for (int tick = 0; tick < 12000; ++tick) {
        const float gain = tick % 400 < 100 || tick % 400 >= 200 ? 1.0f : 0.6f;
        for (const int slot : {2, 3}) choir.rig.desk.set_gain(slot, kPlayer, gain);
        choir.step();
        const bool shares = choir.rig.desk.leader(2) == choir.rig.desk.leader(4);
        if (shares && !together) {
          ++meetings;
          met_at = tick;
        }
        together = shares;
        const Samples heard = choir.rig.heard(3);
        mix.insert(mix.end(), heard.begin(), heard.end());
        if (choir.rig.sent[2].empty() || mix.size() < block_samples) continue;

        std::vector<float> block, decoded(block_samples), reference(block_samples);
        for (size_t i = mix.size() - block_samples; i < mix.size(); ++i) block.push_back(from_int16(mix[i]));
        mix.clear();
        Packet bytes(static_cast<size_t>(format.block_bytes));
        alone.encode(block.data(), bytes.data());
        apart.decode(bytes.data(), reference.data());
        meeting.decode(choir.rig.last(2).data(), decoded.data());
        // The codec's delay is one block.
        if (tick - met_at < 40) {
          noise_meeting.add(decoded, before);
          noise_apart.add(reference, before);
        }
        before = block;
      }
      CHECK(meetings == 30);
      CAPTURE(noise_meeting.worst / noise_apart.worst);
      CAPTURE(noise_meeting.sum / noise_apart.sum);
      CHECK(noise_meeting.worst < 1.2 * noise_apart.worst);
      CHECK(noise_meeting.sum < 1.05 * noise_apart.sum);
    }
  }
}

TEST_CASE("a listener who fades in is alone, and meets the others after") {
  Choir choir({2, 3}, opus_format(64, 2));
  choir.rig.join(4, opus_format(64, 2));
  const Packet packet(74, 1);
  for (int i = 0; i < 2249; ++i) {
    choir.rig.desk.receive(4, packet);
    choir.step();
    REQUIRE(choir.rig.desk.leader(4) == 4);
  }
  choir.rig.desk.receive(4, packet);
  choir.step(kSettleTicks);
  CHECK(choir.rig.desk.leader(4) == choir.rig.desk.leader(2));
  CHECK(choir.coded(4) == choir.coded(2));
}

TEST_CASE("blocks of 128 frames on ticks of 64: even slots and odd slots encode in turns") {
  Choir choir({2, 3, 4, 5}, opus_format(128, 2));
  for (int i = 0; i < 10; ++i) {
    choir.step();
    CHECK(choir.rig.sent[2].size() == choir.rig.sent[4].size());
    CHECK(choir.rig.sent[3].size() == choir.rig.sent[5].size());
    CHECK(choir.rig.sent[2].size() + choir.rig.sent[3].size() == 1);
    CHECK(choir.encoders() <= 2);
  }
}
