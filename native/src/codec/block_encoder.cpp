// See block_encoder.h.
#include "codec/block_encoder.h"

#include <opus_custom.h>

#include <algorithm>
#include <cstring>

#include "codec/opus_mode.h"
#include "codec/samples.h"

namespace plugjam {

namespace {

// libopus quietly lowers a bitrate above this, and a block would come out too short.
constexpr int kMaxBitratePerChannel = 260000;

int bitrate(const AudioFormat& format) {
  const int bits_per_second = kSampleRate * format.block_bytes * 8 / format.block_frames;
  return bits_per_second <= kMaxBitratePerChannel * format.channels ? bits_per_second : OPUS_BITRATE_MAX;
}

}  // namespace

void BlockEncoder::Destroy::operator()(OpusCustomEncoder* encoder) const {
  opus_custom_encoder_destroy(encoder);
}

BlockEncoder::BlockEncoder() {
  for (size_t i = 0; i < encoders_.size(); ++i) {
    const OpusCustomMode* mode = opus_mode(i < 2 ? 64 : 128);
    const int channels = 1 + static_cast<int>(i % 2);
    if (mode) encoders_[i].reset(opus_custom_encoder_create(mode, channels, nullptr));
  }
  if (ok()) configure(AudioFormat{});
}

bool BlockEncoder::ok() const {
  return std::all_of(encoders_.begin(), encoders_.end(),
                     [](const Encoder& encoder) { return encoder != nullptr; });
}

void BlockEncoder::configure(const AudioFormat& format) {
  format_ = format;
  encoder_ = encoders_[index()].get();
  opus_custom_encoder_ctl(encoder_, OPUS_RESET_STATE);
  opus_custom_encoder_ctl(encoder_, OPUS_SET_VBR(0));
  opus_custom_encoder_ctl(encoder_, OPUS_SET_BITRATE(bitrate(format)));
  // Each length leaves one of the two at the library's default, as every client in the field does.
  if (format.block_frames == 128) {
    opus_custom_encoder_ctl(encoder_, OPUS_SET_COMPLEXITY(1));
  } else {
    opus_custom_encoder_ctl(encoder_, OPUS_SET_PACKET_LOSS_PERC(35));
    // The default, 5, also searches for a pitch, at two fifths of the cost, and then uses none where so many
    // packets may be lost: the bytes are the same.
    opus_custom_encoder_ctl(encoder_, OPUS_SET_COMPLEXITY(4));
  }
}

void BlockEncoder::encode(const float* interleaved, uint8_t* block) {
  const int samples = format_.block_frames * format_.channels;
  if (format_.raw()) {
    for (int i = 0; i < samples; ++i) store_int16_le(block + 2 * i, to_int16(interleaved[i]));
    return;
  }
  float clipped[kMaxBlockFrames * kMaxChannels];
  std::transform(interleaved, interleaved + samples, clipped, clip_sample);
  const int written =
      opus_custom_encode_float(encoder_, clipped, format_.block_frames, block, format_.block_bytes);
  std::fill(block + std::max(written, 0), block + format_.block_bytes, uint8_t{0});
}

void BlockEncoder::continue_from(const BlockEncoder& other) {
  // The state is one piece of memory; all it points to is the mode, which both share.
  const auto bytes =
      static_cast<size_t>(opus_custom_encoder_get_size(opus_mode(format_.block_frames), format_.channels));
  std::memcpy(static_cast<void*>(encoder_), other.encoder_, bytes);
}

void BlockEncoder::encode_silence(uint8_t* block) {
  static constexpr float kSilence[kMaxBlockFrames * kMaxChannels] = {};
  encode(kSilence, block);
}

}  // namespace plugjam
