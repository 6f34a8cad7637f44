// What goes to one client: its mix, encoded, in packets of its own numbering (spec 3.4, 6.1).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "codec/audio_format.h"
#include "codec/block_encoder.h"
#include "net/audio_packet.h"

namespace plugjam {

// Listeners that hear the same share one encoder: one of them mixes and encodes, all take the coded blocks.
class Listener {
 public:
  bool ok() const { return encoder_.ok(); }

  // `phase`: 1 where blocks of two ticks begin in odd ticks, else 0.
  void set_format(const AudioFormat& format, int phase);
  // The same coding in other packets.
  void repack(const AudioFormat& format);
  const AudioFormat& format() const { return format_; }
  // Coded blocks of this one may be sent to the other.
  bool same_coding(const Listener& other) const;

  // Goes on where the other's encoder is. Both are of the same coding.
  void continue_from(const Listener& other);

  // Where the mix of this tick is to be written, tick_frames × channels; then encode(). A block that is
  // longer than a tick is made of two.
  int16_t* mix(int tick_frames, bool second_half) {
    return mix_.data() + (second_half ? tick_frames * format_.channels : 0);
  }
  // Returns how many blocks are complete.
  int encode(int tick_frames, bool second_half);

  // Takes one of the blocks that `encoding` has completed in this tick. True: packet() is to be sent.
  bool take(const Listener& encoding, int block);
  // Until the next take().
  std::span<const uint8_t> packet() const { return assembler_.packet(); }

 private:
  static constexpr int kMostBlocks = 2;  // of 64 frames in a tick of 128

  void encode_block(const int16_t* samples, uint8_t* coded);

  AudioFormat format_;
  int phase_ = 0;
  BlockEncoder encoder_;
  std::array<int16_t, kMaxBlockFrames * kMaxChannels> mix_{};
  std::array<std::array<uint8_t, kMaxBlockBytes>, kMostBlocks> coded_{};
  PacketAssembler assembler_;
};

}  // namespace plugjam
