// One period of sound, top to bottom: from the network to the card, and from the card to the network.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <utility>

#include "clock/capture_rate.h"
#include "clock/clock_tracker.h"
#include "clock/playback_rate.h"
#include "clock/recent_least.h"
#include "clock/resampler.h"
#include "codec/audio_format.h"
#include "codec/block_decoder.h"
#include "codec/block_encoder.h"
#include "dsp/fade.h"
#include "dsp/meter.h"
#include "engine/command.h"
#include "engine/counters.h"
#include "engine/prompt_player.h"
#include "net/arrival_stats.h"
#include "net/audio_packet.h"
#include "net/depth_target.h"
#include "net/playout_buffer.h"

namespace plugjam {

// Where packets go; a test puts an array here.
class PacketSink {
 public:
  virtual ~PacketSink() = default;
  virtual void send(std::span<const uint8_t> packet) = 0;
};

// Knows neither card nor socket: it is asked for a period and given a period, in stereo float.
class Pipeline {
 public:
  explicit Pipeline(PacketSink& sink);

  bool ok() const { return encoder_.ok() && decoder_.ok(); }

  void join(const AudioFormat& format);
  void set_format(const AudioFormat& format);
  // Nothing more is sent; what was to be played fades out.
  void leave();
  bool joined() const { return joined_; }
  // The server's sound is arriving.
  bool heard() const { return heard_; }
  void set_input_gain(float gain) { input_gain_.glide(gain, kGlideFrames); }
  // From the next block on silence is encoded, by an encoder that has forgotten what came before. Blocks that
  // wait for others to fill their packet are silenced, too: no sample leaves any more.
  void set_muted(bool muted);
  void set_channel_mode(ChannelMode mode) { mode_ = mode; }
  // Hold blocks back so long, 0: as long as the network asks.
  void set_jitter(int blocks) { fixed_depth_ = blocks; }
  // Prompts are played in a session and out of one, after all else; neither sent nor measured.
  void use_prompts(const PromptSet* prompts) { prompts_.use(prompts); }
  void play_prompt(int index, int topic) { prompts_.say(index, topic); }

  // Another card from now on, or a timer; a card that ran over or dry.
  void use_card(bool is_card);
  void restart_card();
  // A period of the card begins: what follows is to be played and captured in it. CLOCK_MONOTONIC.
  void wake(int frames, int64_t at_ns);
  // Each audio datagram of the server, as it comes.
  void receive(std::span<const uint8_t> packet, int64_t at_ns);
  // The card may get a frame less than a period now and then, unheard, if so many frames lie between; 0: not
  // now.
  int spacing_frames() const;
  // Fills the period for the card, which may be a little longer or shorter than those that wake us.
  void play(float* stereo, int frames);
  // Takes the period from the card, and sends each packet that it completes. A mono card gives both channels
  // the same samples; `capture_channels` tells it from a card that really has two.
  void capture(const float* stereo, int frames, int capture_channels);

  // What happened since the last look.
  bool take_started() { return std::exchange(news_started_, false); }
  bool take_heard() { return std::exchange(news_heard_, false); }
  bool take_silent() { return std::exchange(news_silent_, false); }

  void count(Counters& counters) const;

 private:
  static constexpr int kGlideFrames = 256;

  void configure(const AudioFormat& format);
  void wait_for_audio();
  void begin_anew();
  double playback_step(int frames);
  void next_block();
  double wanted_frames() const;
  int depth_blocks() const;
  void to_stereo(float* stereo) const;
  void from_stereo(const float* stereo, bool mono_card);

  PacketSink& sink_;
  std::array<Meter, 2> capture_meters_;
  std::array<Meter, 2> playback_meters_;
  bool joined_ = false;
  AudioFormat format_;

  ClockTracker clock_;

  // network to card
  PlayoutBuffer buffer_;
  DepthTarget depth_;
  RecentLeast lateness_;  // in frames
  ArrivalStats arrivals_;
  BlockDecoder decoder_;
  Resampler to_card_{2 * (kMostPeriodFrames + kMaxBlockFrames)};
  PlaybackRate playback_rate_;
  Fade fade_{1.0f};
  bool playing_ = false;  // the first block was due; from here on a missing one is concealed
  bool heard_ = false;
  int64_t frames_since_heard_ = 0;
  int fixed_depth_ = 0;
  PromptPlayer prompts_;

  // card to network
  Fade input_gain_{1.0f};
  ChannelMode mode_ = ChannelMode::kStereo;
  bool muted_ = false;
  Resampler to_network_{2 * (kMostPeriodFrames + kMaxBlockFrames)};
  CaptureRate capture_rate_;
  BlockEncoder encoder_;
  PacketAssembler assembler_;
  bool placed_ = false;  // the server's jitter buffer has been told where to begin
  std::array<float, kMaxBlockFrames * kMaxChannels> block_{};
  std::array<float, kMostPeriodFrames * 2> frames_{};

  bool started_ = false;
  bool news_started_ = false;
  bool news_heard_ = false;
  bool news_silent_ = false;
  uint64_t decoded_ = 0;
  uint64_t concealed_ = 0;
  uint64_t wrong_size_ = 0;
  PlayoutCounts at_join_;
};

}  // namespace plugjam
