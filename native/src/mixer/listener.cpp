// See listener.h.
#include "mixer/listener.h"

#include <cstring>

#include "codec/samples.h"

namespace plugjam {

void Listener::set_format(const AudioFormat& format, int phase) {
  format_ = format;
  phase_ = phase;
  encoder_.configure(format);
  assembler_.configure(format);
  mix_.fill(0);
}

void Listener::repack(const AudioFormat& format) {
  format_ = format;
  assembler_.configure(format);
}

bool Listener::same_coding(const Listener& other) const {
  return format_.same_coding(other.format_) && phase_ == other.phase_;
}

void Listener::continue_from(const Listener& other) {
  encoder_.continue_from(other.encoder_);
  mix_ = other.mix_;
}

int Listener::encode(int tick_frames, bool second_half) {
  if (format_.block_frames > tick_frames) {
    if (!second_half) return 0;
    encode_block(mix_.data(), coded_[0].data());
    return 1;
  }
  const int blocks = tick_frames / format_.block_frames;
  for (int block = 0; block < blocks; ++block) {
    encode_block(mix_.data() + block * format_.block_frames * format_.channels,
                 coded_[static_cast<size_t>(block)].data());
  }
  return blocks;
}

void Listener::encode_block(const int16_t* samples, uint8_t* coded) {
  float block[kMaxBlockFrames * kMaxChannels];
  for (int i = 0; i < format_.block_frames * format_.channels; ++i) block[i] = from_int16(samples[i]);
  encoder_.encode(block, coded);
}

bool Listener::take(const Listener& encoding, int block) {
  std::memcpy(assembler_.next_block(), encoding.coded_[static_cast<size_t>(block)].data(),
              static_cast<size_t>(format_.block_bytes));
  return assembler_.commit();
}

}  // namespace plugjam
