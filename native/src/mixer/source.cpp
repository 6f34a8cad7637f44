// See source.h.
#include "mixer/source.h"

#include <algorithm>

#include "codec/samples.h"
#include "net/audio_packet.h"

namespace plugjam {
namespace {

// So long without a datagram, and it counts as gone (spec 4.4).
constexpr int64_t kSilentFrames = 30 * kSampleRate;
// So long, and nothing is made up for it any more; what comes then begins anew.
constexpr int64_t kRestFrames = kSampleRate;
// Frames of sound that fade a client in: three seconds.
constexpr int kFadeFrames = 3 * kSampleRate;

int fade_packets(const AudioFormat& format) {
  return kFadeFrames / format.block_frames / format.blocks_per_packet;
}

}  // namespace

void Source::begin() {
  has_format_ = admitted_ = false;
  format_ = AudioFormat{};
  fixed_depth_ = told_depth_ = 0;
  frames_since_heard_ = 0;
  fade_packets_ = 0;
  fade_ = 0.0f;
  meter_ = LevelMeter{};
  packets_received_ = wrong_size_ = concealed_ = 0;
  news_silent_ = news_faded_in_ = false;
  news_depth_ = 0;
  wait_for_audio();
}

void Source::set_format(const AudioFormat& format) {
  // Sequence bytes alone do not touch the codec: its state, and with it the sound, goes on.
  if (!has_format_ || !format.same_coding(format_)) decoder_.configure(format);
  format_ = format;
  has_format_ = true;
  estimator_.configure(format);
  wait_for_audio();
  adapt();
}

void Source::set_jitter(int blocks) {
  fixed_depth_ = blocks;
  told_depth_ = 0;
  adapt();
}

// The depth that the sender is to know is the automatic one alone (spec 2.2, message 10).
void Source::adapt() {
  if (!has_format_) return;
  if (const int wanted = depth(); wanted != buffer_.depth()) buffer_.resize(wanted);
  if (fixed_depth_ == 0 && buffer_.depth() != told_depth_) news_depth_ = told_depth_ = buffer_.depth();
}

void Source::wait_for_audio() {
  playing_ = false;
  quiet_ = true;
  buffer_.configure(format_, depth());
  block_.fill(0);
  decoded_.fill(0.0f);
  left_.fill(0.0f);
  right_.fill(0.0f);
  middle_.fill(0.0f);
}

void Source::receive(std::span<const uint8_t> datagram) {
  frames_since_heard_ = 0;
  ++packets_received_;
  AudioPacket packet;
  if (!has_format_ || !AudioPacket::split(datagram, format_, packet)) {
    ++wrong_size_;
    return;
  }
  if (!playing_ && buffer_.held() == 0) buffer_.begin(packet);
  estimator_.put(packet);
  buffer_.put(packet);
  if (!playing_ && buffer_.primed()) {
    playing_ = leading_in_ = true;
    decoder_.configure(format_);
  }
  if (admitted_ && fade_ < 1.0f) {
    fade_ = std::min(1.0f, static_cast<float>(++fade_packets_) / static_cast<float>(fade_packets(format_)));
    news_faded_in_ = !fading();
  }
}

void Source::advance(int tick_frames, bool second_half) {
  const int64_t before = frames_since_heard_;
  frames_since_heard_ += tick_frames;
  if (before <= kSilentFrames && frames_since_heard_ > kSilentFrames) news_silent_ = true;
  if (playing_ && frames_since_heard_ > kRestFrames) wait_for_audio();

  const int block_samples = format_.block_frames * format_.channels;
  length_ = static_cast<size_t>(tick_frames * format_.channels);
  offset_ = 0;
  if (second_half) {
    offset_ = length_;
  } else if (playing_) {
    for (int at = 0; at < tick_frames * format_.channels; at += block_samples)
      next_block(static_cast<size_t>(at));
    quiet_ = false;
  }
  if (!quiet_) spread(tick_frames);
}

void Source::next_block(size_t at) {
  float* decoded = decoded_.data() + at;
  const uint8_t* bytes = buffer_.get();
  estimator_.get();
  if (bytes != nullptr && decoder_.decode(bytes, decoded)) {
    leading_in_ = false;
  } else {
    if (bytes == nullptr) decoder_.conceal(decoded);
    if (!leading_in_) ++concealed_;
  }
  to_int16(decoded, format_.block_frames * format_.channels, block_.data() + at);
  adapt();
}

void Source::spread(int tick_frames) {
  const int16_t* samples = block_.data() + offset_;
  if (format_.channels == 1) {
    for (int i = 0; i < tick_frames; ++i) left_[static_cast<size_t>(i)] = fade_ * samples[i];
    return;
  }
  for (int i = 0; i < tick_frames; ++i) {
    const auto at = static_cast<size_t>(i);
    left_[at] = fade_ * samples[2 * i];
    right_[at] = fade_ * samples[2 * i + 1];
    middle_[at] = 0.5f * (left_[at] + right_[at]);
  }
}

void Source::measure_level() {
  const auto samples = static_cast<size_t>(format_.block_frames * format_.channels);
  const size_t begin = samples < length_ ? length_ - samples : 0;
  meter_.measure({block_.data() + begin, samples}, format_.channels);
}

ClientCounters Source::counters() const {
  return {packets_received_, wrong_size_, concealed_, static_cast<uint32_t>(buffer_.depth()),
          static_cast<uint32_t>(meter_.level())};
}

}  // namespace plugjam
