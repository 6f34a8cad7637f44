// How fast to read what the card recorded, so that packets leave at the server's rate.
#pragma once

#include <cstdint>

#include "clock/clock_tracker.h"
#include "clock/correction.h"

namespace plugjam {

class CaptureRate {
 public:
  // A plain queue, until the clocks are known to differ.
  void reset();
  // Frames of the card are missing: what is sent is what it is, and goes on from there.
  void begin_anew() { anchored_ = false; }

  // Frames of the card to be read for each one sent. `ahead_frames` are waiting, with a fraction.
  double step(const ClockTracker& clock, double ahead_frames, int period_frames);
  void sent(int frames) { sent_ += frames; }

 private:
  Correction correction_;
  bool active_ = false;
  bool anchored_ = false;
  double anchor_ = 0;  // what the server will have been sent by its frame 0
  int64_t sent_ = 0;
};

}  // namespace plugjam
