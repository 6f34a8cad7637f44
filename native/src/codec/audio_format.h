// How one audio stream looks on the wire: block length, channels, coded bytes, packing (protocol spec 3).
#pragma once

#include <cstdint>

namespace plugjam {

constexpr int kSampleRate = 48000;
constexpr int kMaxBlockFrames = 128;
constexpr int kMaxChannels = 2;
constexpr int kMaxBlockBytes = 2 * kMaxBlockFrames * kMaxChannels;  // raw audio, the largest of all
constexpr int kMaxBlocksPerPacket = 4;

struct AudioFormat {
  int block_frames = 64;      // 64 or 128
  int channels = 2;           // 1 or 2
  int block_bytes = 73;       // coded bytes of one block, without its sequence byte
  int blocks_per_packet = 1;  // the protocol's block factor: 1, 2 or 4
  bool sequenced = false;     // each block is followed by its sequence byte

  // Raw audio has no flag of its own: both sides know it by its size (spec 3.6).
  constexpr bool raw() const { return block_bytes == 2 * block_frames * channels; }
  constexpr int slot_bytes() const { return block_bytes + (sequenced ? 1 : 0); }
  constexpr int packet_bytes() const { return slot_bytes() * blocks_per_packet; }
  // So long a block sounds.
  constexpr int64_t block_ns() const { return int64_t{block_frames} * 1'000'000'000 / kSampleRate; }
  constexpr bool valid() const {
    return (block_frames == 64 || block_frames == 128) && (channels == 1 || channels == 2) &&
           block_bytes >= 9 && block_bytes <= kMaxBlockBytes &&
           (blocks_per_packet == 1 || blocks_per_packet == 2 || blocks_per_packet == 4);
  }
  // Blocks of one are blocks of the other; only how they are packed may differ.
  constexpr bool same_coding(const AudioFormat& other) const {
    return block_frames == other.block_frames && channels == other.channels &&
           block_bytes == other.block_bytes;
  }
  bool operator==(const AudioFormat&) const = default;
};

}  // namespace plugjam
