// Turns one block of samples into exactly block_bytes bytes, in Opus custom modes or raw (spec 3.2, 3.6).
#pragma once

#include <array>
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

  // What a muted musician sends (spec 3.7): silence that has passed through the encoder.
  void encode_silence(uint8_t* block);

 private:
  struct Destroy {
    void operator()(OpusCustomEncoder* encoder) const;
  };
  using Encoder = std::unique_ptr<OpusCustomEncoder, Destroy>;

  std::array<Encoder, 4> encoders_;  // 64 mono, 64 stereo, 128 mono, 128 stereo
  OpusCustomEncoder* encoder_ = nullptr;
  AudioFormat format_;
};

}  // namespace plugjam
