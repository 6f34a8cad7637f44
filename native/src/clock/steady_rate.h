// Holds a delay in place: the known ratio of two clocks, and a little more or less where the delay is off.
#pragma once

#include <algorithm>
#include <cmath>

namespace plugjam {

class SteadyRate {
 public:
  // 1.7 cents: what is said to be heard of a tone begins at 3 to 5.
  static constexpr double kMostCorrection = 0.001;

  // A plain queue, until told otherwise.
  void reset() {
    correction_ = 0;
    active_ = false;
  }

  // Off it is, and costs nothing, as long as clocks agree and the delay stays where it may.
  bool active() const { return active_; }
  void activate() { active_ = true; }

  // To be added to 1 when `excess_frames` are to be got rid of (or made up for), once a period of `frames`.
  double correction(double excess_frames, int frames) {
    const double wanted = std::clamp(excess_frames / kSettleFrames, -kMostCorrection, kMostCorrection);
    const double most_change = kMostCorrection * frames / kEaseFrames;
    correction_ += std::clamp(wanted - correction_, -most_change, most_change);
    return correction_;
  }

 private:
  // What is off shrinks to 1/e in so long: one second.
  static constexpr double kSettleFrames = 48000;
  // From no correction to the largest takes so long at least: 50 ms.
  static constexpr double kEaseFrames = 2400;

  double correction_ = 0;
  bool active_ = false;
};

}  // namespace plugjam
