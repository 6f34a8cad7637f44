// See tick_timer.h.
#include "pcm/tick_timer.h"

#include <time.h>

#include "codec/audio_format.h"
#include "rt/time.h"

namespace plugjam {
namespace {

constexpr int64_t kSecondNs = 1'000'000'000;
// After a stall longer than this (a suspended machine) time starts anew instead of being caught up.
constexpr int64_t kLongestCatchUpNs = 100'000'000;

}  // namespace

void TickTimer::start(int64_t now_ns) {
  second_ns_ = now_ns;
  frames_ = 0;
}

int64_t TickTimer::next() {
  frames_ += tick_frames_;
  second_ns_ += frames_ / kSampleRate * kSecondNs;
  frames_ %= kSampleRate;
  return second_ns_ + frames_ * kSecondNs / kSampleRate;
}

bool TickTimer::wait() {
  const int64_t due_ns = next();
  if (monotonic_ns() < due_ns) {
    const timespec due{due_ns / kSecondNs, due_ns % kSecondNs};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, nullptr);
  }
  const int64_t now_ns = monotonic_ns();
  if (now_ns - due_ns > kLongestCatchUpNs) start(now_ns);
  return now_ns - due_ns > tick_ns();
}

int64_t TickTimer::tick_ns() const { return tick_frames_ * kSecondNs / kSampleRate; }

}  // namespace plugjam
