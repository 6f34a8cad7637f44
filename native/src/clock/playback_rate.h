// How fast to read what the server sent, so that it is held as long as the network asks, and no longer.
#pragma once

#include <cstdint>

#include "clock/clock_tracker.h"
#include "clock/correction.h"

namespace plugjam {

// Where playback is in the server's frames: `frame` and a fraction are to be played next.
struct PlaybackPlace {
  int64_t frame = 0;
  double fraction = 0;
};

class PlaybackRate {
 public:
  // A plain queue, until there is a reason for more.
  void reset();

  // Frames of the server to be read for each of the card's in this period. `wanted_frames`: a block is to be
  // held so long after its ideal moment.
  double step(const ClockTracker& clock, const PlaybackPlace& place, double wanted_frames, int period_frames,
              int block_frames);

  // So long after its ideal moment each block is needed at the earliest, as of the last step().
  double hold_frames() const { return hold_; }
  // Frames were passed over (or, negative, are to be played after all).
  void moved(int64_t frames) { hold_ -= static_cast<double>(frames); }
  // So long it shall be held, calmly: wanted_frames without its quickest ups and downs.
  double target_frames() const { return target_; }
  // Held for less than this, it is worth a jump; until then reading slower will do.
  double least_frames() const { return target_ - kShortFrames; }
  // The delay is being held by reading faster or slower; blocks need not be skipped.
  bool active() const { return active_; }
  // And it moves all the time, since the clocks differ.
  bool follows() const { return follows_; }

 private:
  static constexpr double kShortFrames = 2;

  void choose_target(double wanted_frames);
  double park(const PlaybackPlace& place, double excess, int period_frames, int grid);

  Correction correction_;
  bool active_ = false;
  bool follows_ = false;  // the clocks differ
  bool targeted_ = false;
  double target_ = 0;
  double hold_ = 0;
};

}  // namespace plugjam
