// See thread_timing.h.
#include "engine/thread_timing.h"

#include <algorithm>

#include "codec/audio_format.h"

namespace plugjam {
namespace {

constexpr int64_t kMinuteNs = 60'000'000'000;

// Cards may be slower than they say; expected wake-ups drift later by 1 in 2500, and any earlier one takes
// them back.
constexpr int64_t kSlowestShare = 2500;

int64_t nominal_ns(int frames) { return int64_t{frames} * 1'000'000'000 / kSampleRate; }

}  // namespace

void ThreadTiming::woke(int frames, int64_t at_ns) {
  const int64_t period_ns = nominal_ns(frames);
  expected_ns_ += period_ns + period_ns / kSlowestShare;
  if (!started_ || at_ns < expected_ns_) expected_ns_ = at_ns;
  started_ = true;
  woken_ns_ = at_ns;
  if (at_ns - minute_began_ns_ >= kMinuteNs) {
    minute_began_ns_ = at_ns;
    const unsigned next = 1 - now_.load(std::memory_order_relaxed);
    minutes_[next].lateness_us.clear();
    minutes_[next].work_10000ths.clear();
    now_.store(next, std::memory_order_relaxed);
  }
  const int64_t late_us = (at_ns - expected_ns_) / 1000;
  minutes_[now_.load(std::memory_order_relaxed)].lateness_us.add(
      static_cast<uint32_t>(std::min<int64_t>(late_us, Histogram::kMost)));
}

void ThreadTiming::done(int frames, int64_t at_ns) {
  const int64_t share = (at_ns - woken_ns_) * 10'000 / nominal_ns(frames);
  minutes_[now_.load(std::memory_order_relaxed)].work_10000ths.add(
      static_cast<uint32_t>(std::clamp<int64_t>(share, 0, Histogram::kMost)));
}

TimingFigures ThreadTiming::figures(Histogram Minute::*kind, double unit) const {
  Histogram::Sum sum;
  for (const Minute& minute : minutes_) (minute.*kind).add_to(sum);
  return {sum.percentile(0.5) * unit, sum.percentile(0.999) * unit, sum.most * unit};
}

}  // namespace plugjam
