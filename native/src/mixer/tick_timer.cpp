// See tick_timer.h.
#include "mixer/tick_timer.h"

#include <time.h>

#include "codec/audio_format.h"
#include "rt/time.h"

namespace plugjam {
namespace {

// After a stall longer than this (a suspended machine) time starts anew instead of being caught up.
constexpr int64_t kLongestCatchUpNs = 100'000'000;

}  // namespace

void TickTimer::start() {
  start_ns_ = monotonic_ns();
  ticks_ = 0;
}

bool TickTimer::wait() {
  ++ticks_;
  const int64_t due_ns = start_ns_ + ticks_ * tick_frames_ * 1'000'000'000 / kSampleRate;
  const int64_t begun_ns = monotonic_ns();
  if (begun_ns < due_ns) {
    const timespec due{due_ns / 1'000'000'000, due_ns % 1'000'000'000};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, nullptr);
  }
  const int64_t late_ns = monotonic_ns() - due_ns;
  if (late_ns > kLongestCatchUpNs) start();
  return late_ns > tick_ns();
}

int64_t TickTimer::tick_ns() const { return int64_t{tick_frames_} * 1'000'000'000 / kSampleRate; }

}  // namespace plugjam
