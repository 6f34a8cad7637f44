// A desk with arrays at both ends: packets in, packets out, whole numbers all the way.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "codec/audio_format.h"
#include "codec/samples.h"
#include "mixer/desk.h"

namespace plugjam::test {

using Samples = std::vector<int16_t>;
using Packet = std::vector<uint8_t>;

inline AudioFormat raw_format(int block_frames, int channels, int factor = 1) {
  return {block_frames, channels, 2 * block_frames * channels, factor, true};
}
inline AudioFormat opus_format(int block_frames, int channels) {
  const int high[2][2] = {{36, 73}, {82, 165}};
  return {block_frames, channels, high[block_frames == 128][channels - 1], 1, true};
}

inline Packet raw_block(const Samples& samples, uint8_t sequence) {
  Packet packet(samples.size() * 2 + 1);
  for (size_t i = 0; i < samples.size(); ++i) store_int16_le(&packet[2 * i], samples[i]);
  packet.back() = sequence;
  return packet;
}

inline Samples samples_of(std::span<const uint8_t> packet) {
  Samples samples(packet.size() / 2);
  for (size_t i = 0; i < samples.size(); ++i) samples[i] = load_int16_le(&packet[2 * i]);
  return samples;
}

class Random {
 public:
  explicit Random(uint32_t seed) : state_(seed) {}
  uint32_t next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 17;
    return state_ ^= state_ << 5;
  }
  int below(int limit) { return static_cast<int>(next() % static_cast<uint32_t>(limit)); }
  float part() { return static_cast<float>(next() >> 8) / 16777216.0f; }
  Samples samples(int count, int peak) {
    Samples samples(static_cast<size_t>(count));
    for (int16_t& sample : samples) sample = static_cast<int16_t>(below(2 * peak + 1) - peak);
    return samples;
  }

 private:
  uint32_t state_;
};

class DeskRig final : public DeskOutput {
 public:
  explicit DeskRig(int tick_frames, int slots = 8) : desk(tick_frames, slots, *this) {}

  // A client that is let in at once; its jitter buffer holds nothing back.
  void join(int slot, const AudioFormat& format) {
    desk.add(slot);
    desk.set_jitter(slot, format.blocks_per_packet * (format.block_frames == 64 ? 2 : 1));
    desk.set_format(slot, format);
    desk.admit(slot);
  }
  // Fades clients of one raw format in, by silence, until all sounds at full level.
  void fade_in(const std::vector<int>& slots) {
    for (int block = 0; block < 2250; ++block) {
      for (const int slot : slots) {
        const AudioFormat& format = desk.source(slot).format();
        play(slot, Samples(static_cast<size_t>(format.block_frames * format.channels)));
      }
      tick();
    }
  }
  // One raw block.
  void play(int slot, const Samples& samples) { desk.receive(slot, raw_block(samples, sequences_[slot]++)); }
  void tick() {
    for (auto& [slot, packets] : sent) packets.clear();
    desk.tick();
  }
  const Packet& last(int slot) { return sent[slot].back(); }
  Samples heard(int slot) { return samples_of(last(slot)); }

  void send(int slot, std::span<const uint8_t> packet) override {
    sent[slot].emplace_back(packet.begin(), packet.end());
  }
  void tell_silent(int slot) override { silent.push_back(slot); }
  void tell_depth(int slot, int blocks) override { depths[slot].push_back(blocks); }

  Desk desk;
  std::map<int, std::vector<Packet>> sent;  // in the last tick
  std::vector<int> silent;
  std::map<int, std::vector<int>> depths;

 private:
  std::map<int, uint8_t> sequences_;
};

}  // namespace plugjam::test
