// Paces the engine with silence where no sound card does, so that a session outlives its card.
#include "pcm/timer_pcm.h"

#include <algorithm>

#include "rt/time.h"

namespace plugjam {

bool TimerPcm::start() {
  timer_.start(monotonic_ns());
  return true;
}

PcmWait TimerPcm::wait() {
  timer_.wait();
  return PcmWait::kReady;
}

bool TimerPcm::read(float* frames) {
  std::fill(frames, frames + period_frames_ * 2, 0.0f);
  return true;
}

}  // namespace plugjam
