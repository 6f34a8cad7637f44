// Turns one block of samples into exactly block_bytes bytes, in Opus custom modes or raw (spec 3.2, 3.6).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "codec/audio_format.h"

struct OpusCustomEncoder;

namespace plugjam {

// Holds an encoder for each block length and channel count, so that a change of format allocates nothing.
class BlockEncoder {
 public:
  BlockEncoder();

  // False: there was no memory for the encoders. Nothing else may be called then.
  bool ok() const;

  // Takes a valid format and starts from silence. Safe in the realtime thread.
  void configure(const AudioFormat& format);

  // `interleaved` holds block_frames × channels samples (±1, more is clipped); writes block_bytes to `block`.
  void encode(const float* interleaved, uint8_t* block);

  // Goes on where `other`, of the same format, is now: what this one encodes next, a decoder that has
  // followed the other will understand. Safe in the realtime thread.
  void continue_from(const BlockEncoder& other);

  // What a muted musician sends (spec 3.7): silence that has passed through the encoder.
  void encode_silence(uint8_t* block);

 private:
  struct Destroy {
    void operator()(OpusCustomEncoder* encoder) const;
  };
  using Encoder = std::unique_ptr<OpusCustomEncoder, Destroy>;

  size_t index() const { return (format_.block_frames == 64 ? 0 : 2) + (format_.channels - 1); }

  std::array<Encoder, 4> encoders_;  // 64 mono, 64 stereo, 128 mono, 128 stereo
  OpusCustomEncoder* encoder_ = nullptr;
  AudioFormat format_;
};

}  // namespace plugjam
