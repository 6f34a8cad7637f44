// Paces the engine with silence where no sound card does, so that a session outlives its card.
#include "pcm/timer_pcm.h"

#include <time.h>

#include <algorithm>

#include "codec/audio_format.h"
#include "rt/time.h"

namespace plugjam {
namespace {

// After a stall longer than this (a suspended machine) time starts anew instead of being caught up.
constexpr int64_t kLongestCatchUpNs = 100'000'000;

}  // namespace

bool TimerPcm::start() {
  start_ns_ = monotonic_ns();
  periods_ = 0;
  return true;
}

PcmWait TimerPcm::wait() {
  ++periods_;
  const int64_t due_ns = start_ns_ + periods_ * period_frames_ * 1'000'000'000 / kSampleRate;
  const int64_t now_ns = monotonic_ns();
  if (now_ns - due_ns > kLongestCatchUpNs) {
    start();
    return PcmWait::kReady;
  }
  if (now_ns < due_ns) {
    const timespec due{due_ns / 1'000'000'000, due_ns % 1'000'000'000};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, nullptr);
  }
  return PcmWait::kReady;
}

bool TimerPcm::read(float* frames) {
  std::fill(frames, frames + period_frames_ * 2, 0.0f);
  return true;
}

}  // namespace plugjam
