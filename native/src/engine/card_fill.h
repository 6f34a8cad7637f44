// How much sound the card still holds when it is given more: as little as this machine's wake-ups allow.
#pragma once

#include <cstdint>
#include <limits>

namespace plugjam {

// A full card holds more than a machine needs that wakes in time, and all of it is delay. So for some seconds
// the least is watched that is left before a write; then, as long as that is plenty, the card is given a
// frame less now and then. Given back at once when wake-ups come later, and for long when the card ran dry.
// Audio thread only.
class CardFill {
 public:
  // So many frames more than a period may be given at once.
  static constexpr int kMostMore = 8;

  // Another card, full of silence. `headroom_frames`: so much of it is left at a wake-up in time; 0: it is to
  // stay full.
  void use_card(int headroom_frames);
  // The same card, full of silence anew, since it ran over or dry.
  void stumbled();

  // How much to give for a period of `frames`. `spacing_frames`: a frame less is not heard if it comes so
  // long after the one before; 0: it would be.
  int next(int frames, int spacing_frames);
  // What was left just before that was written, by the card's word and by the clock.
  void wrote(int left_frames);

  // What is left, as of now, at a wake-up in time.
  int headroom_frames() const { return full_ - taken_; }

 private:
  static constexpr int kUnknown = std::numeric_limits<int>::max();

  void forget();
  int allowance(int least) const;

  int full_ = 0;
  int taken_ = 0;
  int owed_ = 0;  // of those, to be given back
  // The least that would have been left of a full card: of late, and in the time before that.
  int newest_ = kUnknown;
  int before_ = kUnknown;
  int64_t watched_frames_ = 0;
  int64_t watch_frames_ = 0;
  int64_t wait_frames_ = 0;  // before anything is taken
  int64_t penalty_frames_ = 0;
  int64_t since_taken_ = 0;
};

}  // namespace plugjam
