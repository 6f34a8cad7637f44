// How well the audio thread keeps its time: how late it wakes, and how much of a period its work takes.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "rt/histogram.h"

namespace plugjam {

struct TimingFigures {
  double middle = 0;    // of all, half are less,
  double most_but = 0;  // and 999 of 1000
  double most = 0;
};

// Counts minute by minute: what is told is of the present minute and of the one before.
class ThreadTiming {
 public:
  // ---- the audio thread ----

  // Another card, or one that began anew: what was expected of its wake-ups does not hold.
  void restart() { started_ = false; }
  // A period of so many frames can be moved; CLOCK_MONOTONIC.
  void woke(int frames, int64_t at_ns);
  // It has been.
  void done(int frames, int64_t at_ns);

  // The present period's wake-up, and how late it was.
  int64_t woken_ns() const { return woken_ns_; }
  int64_t late_ns() const { return woken_ns_ - expected_ns_; }

  // ---- anybody ----

  // In ms, after the earliest by which the card wakes us.
  TimingFigures lateness_ms() const { return figures(&Minute::lateness_us, 1e-3); }
  // As a share of the period, 1: all of it.
  TimingFigures work_share() const { return figures(&Minute::work_10000ths, 1e-4); }

 private:
  struct Minute {
    Histogram lateness_us;
    Histogram work_10000ths;
  };

  TimingFigures figures(Histogram Minute::*kind, double unit) const;

  std::array<Minute, 2> minutes_;
  std::atomic<unsigned> now_{0};
  int64_t minute_began_ns_ = 0;
  int64_t woken_ns_ = 0;
  int64_t expected_ns_ = 0;
  bool started_ = false;
};

}  // namespace plugjam
