// One period of sound, top to bottom: from the network to the card, and from the card to the network.
#include "engine/pipeline.h"

#include <algorithm>
#include <cmath>

namespace plugjam {
namespace {

// So long without a datagram, and the server counts as silent (one second).
constexpr int64_t kSilentFrames = kSampleRate;
// A short fade hides the edges where the server's sound begins and where we leave in the midst of it; 10 ms.
constexpr int kFadeFrames = 480;
// No block may be held for longer after those that come early: the rest of the buffer is for bursts.
constexpr int kMostBlocksHeld = PlayoutBuffer::kBlocks * 3 / 4;

double to_frames(int64_t ns) { return static_cast<double>(ns) * kSampleRate / 1e9; }
int64_t to_ns(double frames) { return std::llround(frames * 1e9 / kSampleRate); }

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
  clock_.forget_server();
  capture_rate_.reset();
  configure(format);
}

void Pipeline::set_format(const AudioFormat& format) {
  // Sequence bytes alone do not touch the codec: its state, and with it the sound, goes on.
  if (!format.same_coding(format_)) {
    encoder_.configure(format);
    decoder_.configure(format);
    to_network_.clear();
  }
  configure(format);
}

void Pipeline::configure(const AudioFormat& format) {
  format_ = format;
  assembler_.configure(format);
  arrivals_.configure(format.block_ns());
  placed_ = false;
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

void Pipeline::wait_for_audio() {
  buffer_.configure(format_);
  depth_.configure(format_.blocks_per_packet * format_.block_ns());
  begin_anew();
}

// The server's frames are counted from another place: what was to be played or sent by the old count is not.
void Pipeline::begin_anew() {
  playing_ = false;
  lateness_.forget();
  clock_.restart_server();
  capture_rate_.begin_anew();
}

// ---- clocks ----

void Pipeline::use_card(bool is_card) {
  clock_.use_card(is_card);
  capture_rate_.begin_anew();
}

void Pipeline::restart_card() {
  clock_.restart_card();
  capture_rate_.begin_anew();
}

void Pipeline::wake(int frames, int64_t at_ns) { clock_.wake(frames, at_ns); }

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
  if (blocks.sequenced()) {
    arrivals_.on_packet(at_ns, blocks.sequence(0));
    // It numbers its blocks, so it reads our numbers, too. Where its jitter buffer began was chance. Who
    // fixed a depth wants room rather than the least delay.
    if (!placed_ && fixed_depth_ == 0) assembler_.fall_back();
    placed_ = true;
  }
  bool restarted = false;
  const int64_t frame = buffer_.put(blocks, restarted) * format_.block_frames;
  if (restarted) begin_anew();
  clock_.packet(frame, at_ns);
  const int64_t lateness_ns = clock_.lateness_ns(frame, at_ns);
  depth_.add(lateness_ns);
  lateness_.add(to_frames(lateness_ns));
}

// As fast as the delay that grows by it is taken back. At rest, on its grid, playback would not take it back.
int Pipeline::spacing_frames() const {
  if (!playing_) return 1;
  return playback_rate_.follows() ? static_cast<int>(1.0 / Correction::kMost) : 0;
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
  const double step = joined_ || playing_ ? playback_step(frames) : 1.0;
  const int needed = to_card_.needed(frames, step);
  if (playing_) {
    while (to_card_.held() < needed) next_block();
  } else if (const int missing = needed - to_card_.held(); missing > 0) {
    // What is left from before an end is played out; then there is silence.
    to_card_.write_silence(missing);
  }
  to_card_.read(stereo, frames, step);
  measure(playback_meters_, stereo, frames);
  prompts_.mix(stereo, frames);
}

// How fast to read in this period; and whether it is time to begin.
double Pipeline::playback_step(int frames) {
  if (buffer_.empty()) return 1.0;
  const PlaybackPlace place =
      playing_ ? PlaybackPlace{buffer_.next() * format_.block_frames - to_card_.held(), to_card_.fraction()}
               : PlaybackPlace{buffer_.next() * format_.block_frames, 0.0};
  if (!playing_) playback_rate_.reset();
  const double step = playback_rate_.step(clock_, place, wanted_frames(), frames, format_.block_frames);
  if (playing_ || playback_rate_.hold_frames() < playback_rate_.target_frames()) return step;
  playing_ = true;
  to_card_.clear();
  decoder_.configure(format_);
  fade_.jump(0.0f);
  fade_.glide(1.0f, kFadeFrames);
  return step;
}

// So long after its ideal moment a block is to be held.
double Pipeline::wanted_frames() const {
  if (fixed_depth_ == 0) {
    // Beyond what the buffer holds nothing would be heard at all.
    const double early = std::max(clock_.detour_frames(), lateness_.value());
    return std::min(to_frames(depth_.wanted_ns()), early + kMostBlocksHeld * format_.block_frames);
  }
  // A fixed number of blocks after the earliest that come; when none of those any more, of those that come
  // now.
  const double earliest = clock_.detour_frames();
  const bool rerouted = lateness_.value() > earliest + format_.block_frames;
  return (rerouted ? lateness_.value() : earliest) + 0.5 * (fixed_depth_ - 1) * format_.block_frames;
}

// The block that is played, and those that are held for it.
int Pipeline::depth_blocks() const {
  if (fixed_depth_ > 0 || !playing_) return fixed_depth_;
  const double held = playback_rate_.hold_frames() - clock_.detour_frames();
  return std::max(1, static_cast<int>(std::lround(held / format_.block_frames)) + 1);
}

void Pipeline::next_block() {
  const bool may_skip = !playback_rate_.active() && !clock_.steady();
  const int64_t turn = buffer_.next();
  const uint8_t* bytes =
      buffer_.get(to_ns(playback_rate_.hold_frames()), to_ns(playback_rate_.least_frames()), may_skip);
  playback_rate_.moved((buffer_.next() - turn - 1) * format_.block_frames);
  if (bytes != nullptr && decoder_.decode(bytes, block_.data())) {
    ++decoded_;
    if (!started_) news_started_ = true;
    started_ = true;
  } else {
    if (bytes == nullptr) decoder_.conceal(block_.data());
    if (joined_) ++concealed_;
  }
  std::array<float, kMaxBlockFrames * 2> stereo;
  to_stereo(stereo.data());
  fade_.apply(stereo.data(), format_.block_frames, 2);
  to_card_.write(stereo.data(), format_.block_frames);
}

void Pipeline::to_stereo(float* stereo) const {
  for (int i = 0; i < format_.block_frames; ++i) {
    stereo[2 * i] = block_[static_cast<size_t>(i * format_.channels)];
    stereo[2 * i + 1] = block_[static_cast<size_t>(i * format_.channels + format_.channels - 1)];
  }
}

// ---- card to network ----

void Pipeline::capture(const float* stereo, int frames, int capture_channels) {
  std::copy(stereo, stereo + 2 * frames, frames_.data());
  input_gain_.apply(frames_.data(), frames, 2);
  measure(capture_meters_, frames_.data(), frames);
  if (!joined_) return;

  to_network_.write(frames_.data(), frames);
  const double step = capture_rate_.step(clock_, to_network_.ahead(), frames);
  std::array<float, kMaxBlockFrames * 2> block;
  while (to_network_.held() >= to_network_.needed(format_.block_frames, step)) {
    to_network_.read(block.data(), format_.block_frames, step);
    capture_rate_.sent(format_.block_frames);
    uint8_t* bytes = assembler_.next_block();
    if (muted_) {
      encoder_.encode_silence(bytes);
    } else {
      from_stereo(block.data(), capture_channels == 1);
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
  const PlayoutCounts& now = buffer_.counts();
  counters.decoded = decoded_;
  counters.concealed = concealed_;
  counters.wrong_size = wrong_size_;
  counters.late = now.late - at_join_.late;
  // A late block was missing first: what was missing and never came late was lost.
  counters.lost = concealed_ > counters.late ? concealed_ - counters.late : 0;
  counters.jitter_blocks = static_cast<uint32_t>(depth_blocks());
  counters.drift_known = clock_.drift_known();
  counters.drift_ppm = static_cast<float>(clock_.drift_ppm());
  counters.jitter_ms = static_cast<float>(arrivals_.jitter_ms());
  counters.capture_levels = {capture_meters_[0].level(), capture_meters_[1].level()};
  counters.playback_levels = {playback_meters_[0].level(), playback_meters_[1].level()};
}

}  // namespace plugjam
