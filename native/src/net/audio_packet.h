// An audio datagram: blocks one after the other, each with its sequence byte when so agreed (spec 3.4).
//
//   plain       block 0 | block 1
//   sequenced   block 0 | n | block 1 | n + 1
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "codec/audio_format.h"

namespace plugjam {

// A received datagram seen as blocks; points into the datagram, owns nothing.
class AudioPacket {
 public:
  // False: the size is not the agreed one. That is a sign of life of the sender, but not audio for now: sizes
  // change in mid-stream (spec 3.4). `format` is a valid one.
  static bool split(std::span<const uint8_t> datagram, const AudioFormat& format, AudioPacket& packet);

  int block_count() const { return format_.blocks_per_packet; }
  bool sequenced() const { return format_.sequenced; }
  // block_bytes bytes, without the sequence byte.
  const uint8_t* block(int index) const { return bytes_ + index * format_.slot_bytes(); }
  // Of a sequenced packet only.
  uint8_t sequence(int index) const { return block(index)[format_.block_bytes]; }

 private:
  const uint8_t* bytes_ = nullptr;
  AudioFormat format_;
};

// Collects blocks until they fill a datagram. The encoder writes straight into it:
//   encoder.encode(samples, assembler.next_block());
//   if (assembler.commit()) send(assembler.packet());
class PacketAssembler {
 public:
  // Drops a half-filled packet. The sequence runs on: to the receiver it is still the same sender.
  void configure(const AudioFormat& format);

  // Room for block_bytes bytes.
  uint8_t* next_block() { return block(count_); }
  // Blocks that wait for the packet to fill, to be written anew: 0 to held() - 1.
  int held() const { return count_; }
  uint8_t* block(int index) { return &bytes_[index * format_.slot_bytes()]; }
  // True: the packet is complete, and packet() holds until next_block() is written to.
  bool commit();
  // What follows has numbers that the receiver takes for late. By the rules of spec 5.2 its window then moves
  // to where the next block is wanted at once, wherever it was: the least delay, from which it grows as
  // needed.
  void fall_back() { sequence_ = static_cast<uint8_t>(sequence_ - kFallBackBlocks); }
  std::span<const uint8_t> packet() const;

 private:
  // More than the deepest buffer holds, and fewer than could be taken for blocks to come.
  static constexpr int kFallBackBlocks = 64;

  std::array<uint8_t, kMaxBlocksPerPacket*(kMaxBlockBytes + 1)> bytes_{};
  AudioFormat format_;
  int count_ = 0;
  uint8_t sequence_ = 0;
};

}  // namespace plugjam
