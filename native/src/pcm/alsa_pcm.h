// A sound card by ALSA: both directions opened, linked where the card allows it, and moved a period at a
// time.
#pragma once

#include <alsa/asoundlib.h>
#include <poll.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "pcm/pcm.h"

namespace plugjam {

struct CardRequest {
  std::string capture;
  std::string playback;
  int period_frames = 64;
  int periods = 2;
  bool full = true;  // no frame less is ever held than that
};

// What the card settled on.
struct CardSettings {
  std::string capture;
  std::string playback;
  int period_frames = 0;
  int periods = 0;
  snd_pcm_format_t capture_format = SND_PCM_FORMAT_UNKNOWN;
  snd_pcm_format_t playback_format = SND_PCM_FORMAT_UNKNOWN;
  int capture_channels = 0;
  int playback_channels = 0;
  bool linked = false;
  bool mmap = false;
  std::string converted;  // what ALSA's plug layer converts: "rate", "format" or "layout"; empty: nothing
};

// Why a card could not be had.
struct CardError {
  std::string device;
  std::string call;
  int error = 0;
};

class AlsaPcm final : public Pcm {
 public:
  // Opens and configures, in a thread that may block. Null: `error` says why.
  static std::unique_ptr<AlsaPcm> open(const CardRequest& request, CardError& error);
  ~AlsaPcm() override;

  const CardSettings& settings() const { return settings_; }

  int period_frames() const override { return settings_.period_frames; }
  int capture_channels() const override { return settings_.capture_channels; }
  int headroom_frames() const override;
  int left_frames() const override { return left_frames_; }
  bool start() override;
  PcmWait wait() override;
  bool read(float* frames) override;
  bool write(const float* frames, int count) override;
  void stop() override;
  PcmFailure failure() const override { return failure_; }

 private:
  // One direction of the card.
  struct Side {
    snd_pcm_t* pcm = nullptr;
    bool capture = false;
    bool mmap = false;
    snd_pcm_format_t format = SND_PCM_FORMAT_UNKNOWN;
    int channels = 0;
    int frame_bytes = 0;
    snd_pcm_uframes_t buffer_frames = 0;
    snd_pcm_uframes_t period_frames = 0;
    int descriptors = 0;
    bool ready = false;
    std::vector<uint8_t> transfer;  // one period, where the card has no mmap
  };

  AlsaPcm() = default;
  bool open_side(Side& side, const std::string& device, const CardRequest& request, CardError& error);
  bool configure(Side& side, const CardRequest& request, bool resample, const char*& call, int& error);
  bool fill_with_silence();
  PcmWait restart();
  PcmWait gone(const Side& side, const char* call, int error);
  int look(Side& side);
  int transfer(Side& side, float* in, const float* out, int frames);

  CardSettings settings_;
  Side capture_;
  Side playback_;
  std::array<pollfd, 16> descriptors_{};
  std::vector<float> silence_;
  bool full_ = true;
  int left_frames_ = 0;
  PcmFailure failure_;
};

}  // namespace plugjam
