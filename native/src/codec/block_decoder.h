// Turns the bytes of one block back into samples, and fills in for a block that is missing
// (spec 3.2, 3.6, 3.7).
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "codec/audio_format.h"

struct OpusCustomDecoder;

namespace plugjam {

// Holds a decoder for each block length and channel count, so that a change of format allocates nothing.
class BlockDecoder {
 public:
  BlockDecoder();

  // False: there was no memory for the decoders. Nothing else may be called then.
  bool ok() const;

  // Takes a valid format and forgets all that was heard. Safe in the realtime thread.
  void configure(const AudioFormat& format);

  // Reads block_bytes bytes, writes block_frames × channels samples, always within ±1.
  // False: the codec refused the block, and `interleaved` holds what conceal() would have written.
  bool decode(const uint8_t* block, float* interleaved);

  // Writes what most likely would have come next; zeros for raw audio, and where nothing came before.
  void conceal(float* interleaved);

 private:
  struct Destroy {
    void operator()(OpusCustomDecoder* decoder) const;
  };
  using Decoder = std::unique_ptr<OpusCustomDecoder, Destroy>;

  bool decode_opus(const uint8_t* block, float* interleaved);
  int samples() const { return format_.block_frames * format_.channels; }

  std::array<Decoder, 4> decoders_;  // 64 mono, 64 stereo, 128 mono, 128 stereo
  OpusCustomDecoder* decoder_ = nullptr;
  AudioFormat format_;
  bool fresh_ = true;  // nothing decoded since configure()
};

}  // namespace plugjam
