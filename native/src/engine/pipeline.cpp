// One period of sound, top to bottom: from the network to the card, and from the card to the network.
#include "engine/pipeline.h"

#include <algorithm>

namespace plugjam {
namespace {

// So long without a datagram, and the server counts as silent (one second).
constexpr int64_t kSilentFrames = kSampleRate;
// A short fade hides the edges where the server's sound begins and where we leave in the midst of it; 10 ms.
constexpr int kFadeFrames = 480;

void measure(std::array<Meter, 2>& meters, const float* stereo, int frames) {
  meters[0].measure(stereo, frames, 2);
  meters[1].measure(stereo + 1, frames, 2);
}

}  // namespace

Pipeline::Pipeline(PacketSink& sink) : sink_(sink) {}

// ---- orders ----

void Pipeline::join(const AudioFormat& format) {
  joined_ = true;
  heard_ = started_ = false;
  news_started_ = news_heard_ = news_silent_ = false;
  frames_since_heard_ = 0;
  decoded_ = concealed_ = 0;
  at_join_ = buffer_.counts();
  to_card_.clear();
  to_network_.clear();
  encoder_.configure(format);
  decoder_.configure(format);
  configure(format);
}

void Pipeline::set_format(const AudioFormat& format) {
  // Sequence bytes alone do not touch the codec: its state, and with it the sound, goes on.
  const bool same_codec = format.block_frames == format_.block_frames &&
                          format.channels == format_.channels && format.block_bytes == format_.block_bytes;
  if (!same_codec) {
    encoder_.configure(format);
    decoder_.configure(format);
    to_network_.clear();
  }
  configure(format);
}

void Pipeline::configure(const AudioFormat& format) {
  format_ = format;
  assembler_.configure(format);
  estimator_.configure(format);
  arrivals_.configure(int64_t{format.block_frames} * 1'000'000'000 / kSampleRate);
  wait_for_audio();
}

void Pipeline::leave() {
  joined_ = false;
  fade_.glide(0.0f, kFadeFrames);
}

void Pipeline::set_muted(bool muted) {
  if (muted && !muted_) {
    encoder_.configure(format_);
    for (int i = 0; i < assembler_.held(); ++i) encoder_.encode_silence(assembler_.block(i));
  }
  muted_ = muted;
}

void Pipeline::set_jitter(int blocks) {
  fixed_depth_ = blocks;
  buffer_.resize(depth());
}

void Pipeline::wait_for_audio() {
  playing_ = false;
  buffer_.configure(format_, depth());
}

// ---- network to card ----

void Pipeline::receive(std::span<const uint8_t> packet, int64_t at_ns) {
  frames_since_heard_ = 0;
  if (!heard_) news_heard_ = true;
  heard_ = true;
  AudioPacket blocks;
  if (!AudioPacket::split(packet, format_, blocks)) {
    ++wrong_size_;
    return;
  }
  if (blocks.sequenced()) arrivals_.on_packet(at_ns, blocks.sequence(0));
  if (!playing_ && buffer_.held() == 0) buffer_.begin(blocks);
  estimator_.put(blocks);
  buffer_.put(blocks);
  if (!playing_ && buffer_.primed()) begin_playing();
}

void Pipeline::begin_playing() {
  playing_ = true;
  leading_in_ = true;
  decoder_.configure(format_);
  fade_.jump(0.0f);
  fade_.glide(1.0f, kFadeFrames);
}

void Pipeline::play(float* stereo, int frames) {
  if (joined_) {
    frames_since_heard_ += frames;
    if (heard_ && frames_since_heard_ > kSilentFrames) {
      heard_ = false;
      news_silent_ = true;
      wait_for_audio();
    }
  } else if (fade_.at_zero()) {
    playing_ = false;
  }
  if (playing_) {
    while (to_card_.frames() < frames) next_block();
  }
  // What is left from before an end is played out; then there is silence.
  const int ready = std::min(frames, to_card_.frames());
  if (const float* from = to_card_.read(ready)) std::copy(from, from + 2 * ready, stereo);
  std::fill(stereo + 2 * ready, stereo + 2 * frames, 0.0f);
  measure(playback_meters_, stereo, frames);
  prompts_.mix(stereo, frames);
}

void Pipeline::next_block() {
  const uint8_t* bytes = buffer_.get();
  estimator_.get();
  if (bytes != nullptr && decoder_.decode(bytes, block_.data())) {
    ++decoded_;
    leading_in_ = false;
    if (!started_) news_started_ = true;
    started_ = true;
  } else {
    if (bytes == nullptr) decoder_.conceal(block_.data());
    if (!leading_in_ && joined_) ++concealed_;
  }
  if (const int wanted = depth(); wanted != buffer_.depth()) buffer_.resize(wanted);

  float* stereo = to_card_.write(format_.block_frames);
  to_stereo(stereo);
  fade_.apply(stereo, format_.block_frames, 2);
}

void Pipeline::to_stereo(float* stereo) const {
  for (int i = 0; i < format_.block_frames; ++i) {
    stereo[2 * i] = block_[static_cast<size_t>(i * format_.channels)];
    stereo[2 * i + 1] = block_[static_cast<size_t>(i * format_.channels + format_.channels - 1)];
  }
}

// ---- card to network ----

void Pipeline::capture(const float* stereo, int frames, int capture_channels) {
  float* captured = to_network_.write(frames);
  if (captured == nullptr) return;
  std::copy(stereo, stereo + 2 * frames, captured);
  input_gain_.apply(captured, frames, 2);
  measure(capture_meters_, captured, frames);
  if (!joined_) return to_network_.clear();

  while (const float* block = to_network_.read(format_.block_frames)) {
    uint8_t* bytes = assembler_.next_block();
    if (muted_) {
      encoder_.encode_silence(bytes);
    } else {
      from_stereo(block, capture_channels == 1);
      encoder_.encode(block_.data(), bytes);
    }
    if (assembler_.commit()) sink_.send(assembler_.packet());
  }
}

// The channel modes of spec 3.5 with the balance in the centre. The encoder clips.
void Pipeline::from_stereo(const float* stereo, bool mono_card) {
  for (int i = 0; i < format_.block_frames; ++i) {
    const float left = stereo[2 * i];
    const float right = stereo[2 * i + 1];
    const auto at = static_cast<size_t>(i * format_.channels);
    if (format_.channels == 1) {
      block_[at] = 0.5f * (left + right);
    } else if (mode_ == ChannelMode::kMonoInStereoOut) {
      block_[at] = block_[at + 1] = mono_card ? left : left + right;
    } else {
      block_[at] = left;
      block_[at + 1] = right;
    }
  }
}

// ---- figures ----

void Pipeline::count(Counters& counters) const {
  const JitterBufferCounts& now = buffer_.counts();
  counters.decoded = decoded_;
  counters.concealed = concealed_;
  counters.wrong_size = wrong_size_;
  counters.late = now.late - at_join_.late;
  // A late block was missing first: what was missing and never came late was lost.
  counters.lost = concealed_ > counters.late ? concealed_ - counters.late : 0;
  counters.jitter_blocks = static_cast<uint32_t>(buffer_.depth());
  counters.jitter_ms = static_cast<float>(arrivals_.jitter_ms());
  counters.capture_levels = {capture_meters_[0].level(), capture_meters_[1].level()};
  counters.playback_levels = {playback_meters_[0].level(), playback_meters_[1].level()};
}

}  // namespace plugjam
