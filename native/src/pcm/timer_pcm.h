// Paces the engine with silence where no sound card does, so that a session outlives its card.
#pragma once

#include "codec/audio_format.h"
#include "pcm/pcm.h"
#include "pcm/tick_timer.h"

namespace plugjam {

class TimerPcm final : public Pcm {
 public:
  explicit TimerPcm(int period_frames) : period_frames_(period_frames), timer_(period_frames) {}

  int period_frames() const override { return period_frames_; }
  int capture_channels() const override { return kMaxChannels; }
  bool start() override;
  PcmWait wait() override;
  bool read(float* frames) override;
  bool write(const float*, int) override { return true; }
  void stop() override {}
  PcmFailure failure() const override { return {}; }

 private:
  int period_frames_;
  TickTimer timer_;
};

}  // namespace plugjam
