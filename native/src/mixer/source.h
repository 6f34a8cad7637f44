// What comes from one client: its packets in, and for each tick the block that is due (spec 5, 6.1, 6.3).
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <utility>

#include "codec/audio_format.h"
#include "codec/block_decoder.h"
#include "mixer/counters.h"
#include "mixer/level_meter.h"
#include "net/depth_estimator.h"
#include "net/jitter_buffer.h"

namespace plugjam {

class Source {
 public:
  bool ok() const { return decoder_.ok(); }

  // A new client: nothing is known of it yet.
  void begin();
  void set_format(const AudioFormat& format);
  bool has_format() const { return has_format_; }
  const AudioFormat& format() const { return format_; }
  // 0: as deep as the network asks.
  void set_jitter(int blocks);
  // From now on its packets fade it in.
  void admit() { admitted_ = true; }
  bool admitted() const { return admitted_; }

  // Each of its datagrams that is no message.
  void receive(std::span<const uint8_t> datagram);
  // Moves on by one tick. A block that is longer than a tick lasts for two: then nothing is decoded in the
  // second half.
  void advance(int tick_frames, bool second_half);
  // Of the last decoded block.
  void measure_level();

  // Of this tick, before fade and mixing: what a recorder wants. Interleaved.
  std::span<const int16_t> heard() const { return {block_.data() + offset_, length_}; }
  // The same before it was rounded to 16 bit.
  std::span<const float> decoded() const { return {decoded_.data() + offset_, length_}; }
  // Nothing is to be heard of it in this tick; the planes below are zero.
  bool quiet() const { return quiet_; }
  // The same as whole numbers of 16 bit, faded in, one plane for each ear and one for both together.
  const float* left() const { return left_.data(); }
  const float* right() const { return format_.channels == 2 ? right_.data() : left_.data(); }
  const float* middle() const { return format_.channels == 2 ? middle_.data() : left_.data(); }

  // 0 … 1, linear in the packets that came since it was admitted.
  float fade() const { return fade_; }
  bool fading() const { return fade_ < 1.0f; }

  // What happened since the last look.
  bool take_silent() { return std::exchange(news_silent_, false); }
  bool take_faded_in() { return std::exchange(news_faded_in_, false); }
  // 0: nothing changed.
  int take_new_depth() { return std::exchange(news_depth_, 0); }

  ClientCounters counters() const;

 private:
  void wait_for_audio();
  void next_block(size_t at);
  void adapt();
  void spread(int tick_frames);
  int depth() const { return fixed_depth_ > 0 ? fixed_depth_ : estimator_.depth(); }

  AudioFormat format_;
  bool has_format_ = false;
  bool admitted_ = false;

  JitterBuffer buffer_;
  DepthEstimator estimator_;
  BlockDecoder decoder_;
  int fixed_depth_ = 0;
  int told_depth_ = 0;
  bool playing_ = false;     // a first packet has come; from here on a missing block is concealed
  bool leading_in_ = false;  // ... but the gap before the first block is the buffer's depth, not a loss
  int64_t frames_since_heard_ = 0;

  int fade_packets_ = 0;
  float fade_ = 0.0f;

  std::array<int16_t, kMaxBlockFrames * kMaxChannels> block_{};
  std::array<float, kMaxBlockFrames * kMaxChannels> decoded_{};
  size_t offset_ = 0;
  size_t length_ = 0;
  bool quiet_ = true;
  alignas(64) std::array<float, kMaxBlockFrames> left_{};
  alignas(64) std::array<float, kMaxBlockFrames> right_{};
  alignas(64) std::array<float, kMaxBlockFrames> middle_{};

  LevelMeter meter_;
  uint64_t packets_received_ = 0;
  uint64_t wrong_size_ = 0;
  uint64_t concealed_ = 0;
  bool news_silent_ = false;
  bool news_faded_in_ = false;
  int news_depth_ = 0;
};

}  // namespace plugjam
