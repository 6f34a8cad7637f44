// Paces a thread where no sound card does: ticks at absolute times, so that a late one does not make the next
// late.
#pragma once

#include <cstdint>

namespace plugjam {

class TickTimer {
 public:
  explicit TickTimer(int tick_frames) : tick_frames_(tick_frames) {}

  // The next tick is one tick from `now_ns`.
  void start(int64_t now_ns);
  // Moves on to the next tick, and returns when that is.
  int64_t next();
  // Sleeps until the next tick. True: it began more than one tick late.
  bool wait();
  int64_t tick_ns() const;

 private:
  int tick_frames_;
  int64_t second_ns_ = 0;  // a whole number of seconds after the start,
  int64_t frames_ = 0;  // and so many frames more: for months on end neither grows large or loses a fraction
};

}  // namespace plugjam
