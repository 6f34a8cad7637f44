// Coded music for the load: chords with some noise, a tune of its own for each of a few players.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

#include "codec/audio_format.h"
#include "codec/block_encoder.h"

namespace plugjam::load {

inline std::vector<uint8_t> code_music(const AudioFormat& format, int player, int blocks) {
  BlockEncoder encoder;
  encoder.configure(format);
  std::vector<uint8_t> coded(static_cast<size_t>(blocks * format.block_bytes));
  std::vector<float> block(static_cast<size_t>(format.block_frames * format.channels));
  uint32_t random = static_cast<uint32_t>(player) + 1;
  double noise = 0;
  for (int at = 0; at < blocks; ++at) {
    for (size_t i = 0; i < block.size(); ++i) {
      const int frame = at * format.block_frames + static_cast<int>(i) / format.channels;
      const double seconds = static_cast<double>(frame) / kSampleRate;
      random = random * 1664525 + 1013904223;
      noise += 0.1 * (static_cast<double>(static_cast<int32_t>(random)) / 2147483648.0 - noise);
      const double root = 2 * std::numbers::pi * 110.0 * std::exp2(player / 12.0) * seconds;
      const double side = i % static_cast<size_t>(format.channels) == 0 ? 0.06 : 0.04;
      // Notes that ring out twice a second.
      const double ringing = std::exp(-6.0 * std::fmod(seconds + 0.13 * player, 0.5));
      block[i] = static_cast<float>(
          side * ringing * (std::sin(root) + std::sin(1.26 * root) + std::sin(1.5 * root)) + 0.05 * noise);
    }
    encoder.encode(block.data(), &coded[static_cast<size_t>(at * format.block_bytes)]);
  }
  return coded;
}

}  // namespace plugjam::load
