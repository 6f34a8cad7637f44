// See block_decoder.h.
#include "codec/block_decoder.h"

#include <opus_custom.h>

#include <algorithm>

#include "codec/opus_mode.h"
#include "codec/samples.h"

namespace plugjam {

void BlockDecoder::Destroy::operator()(OpusCustomDecoder* decoder) const {
  opus_custom_decoder_destroy(decoder);
}

BlockDecoder::BlockDecoder() {
  for (size_t i = 0; i < decoders_.size(); ++i) {
    const OpusCustomMode* mode = opus_mode(i < 2 ? 64 : 128);
    const int channels = 1 + static_cast<int>(i % 2);
    if (mode) decoders_[i].reset(opus_custom_decoder_create(mode, channels, nullptr));
  }
  if (ok()) configure(AudioFormat{});
}

bool BlockDecoder::ok() const {
  return std::all_of(decoders_.begin(), decoders_.end(),
                     [](const Decoder& decoder) { return decoder != nullptr; });
}

void BlockDecoder::configure(const AudioFormat& format) {
  format_ = format;
  decoder_ = decoders_[(format.block_frames == 64 ? 0 : 2) + (format.channels - 1)].get();
  opus_custom_decoder_ctl(decoder_, OPUS_RESET_STATE);
  fresh_ = true;
}

bool BlockDecoder::decode(const uint8_t* block, float* interleaved) {
  if (format_.raw()) {
    for (int i = 0; i < samples(); ++i) interleaved[i] = from_int16(load_int16_le(block + 2 * i));
    return true;
  }
  if (decode_opus(block, interleaved)) {
    fresh_ = false;
    return true;
  }
  conceal(interleaved);
  return false;
}

void BlockDecoder::conceal(float* interleaved) {
  // A decoder that has heard nothing yet would make up noise at about -40 dBFS.
  if (fresh_ || format_.raw() || !decode_opus(nullptr, interleaved)) {
    std::fill(interleaved, interleaved + samples(), 0.0f);
  }
}

bool BlockDecoder::decode_opus(const uint8_t* block, float* interleaved) {
  const int frames =
      opus_custom_decode_float(decoder_, block, format_.block_bytes, interleaved, format_.block_frames);
  if (frames != format_.block_frames) return false;
  std::transform(interleaved, interleaved + samples(), interleaved, clip_sample);
  return true;
}

}  // namespace plugjam
