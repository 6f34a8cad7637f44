// A peak meter: the audio thread raises it, a reader takes the peak and lets it fall.
#pragma once

#include <atomic>

namespace plugjam {

class Meter {
 public:
  // Audio thread only.
  void raise(float peak) {
    if (peak > peak_.load(std::memory_order_relaxed)) peak_.store(peak, std::memory_order_relaxed);
  }
  // Any one other thread: the peak since the last take, linear, 1.0 = full scale. A peak that is raised in
  // the very moment of a take may show in the next take or not at all; a meter can bear that, a lock it
  // can't.
  float take() { return peak_.exchange(0.0f, std::memory_order_relaxed); }

 private:
  std::atomic<float> peak_{0.0f};
};

}  // namespace plugjam
