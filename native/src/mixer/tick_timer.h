// The mixer's clock: ticks at absolute times, so that a late one does not make the next late.
#pragma once

#include <cstdint>

namespace plugjam {

class TickTimer {
 public:
  explicit TickTimer(int tick_frames) : tick_frames_(tick_frames) {}

  // The next tick is one tick from now.
  void start();
  // Sleeps until the next tick. True: it began more than one tick late.
  bool wait();
  int64_t tick_ns() const;

 private:
  int tick_frames_;
  int64_t start_ns_ = 0;
  int64_t ticks_ = 0;
};

}  // namespace plugjam
