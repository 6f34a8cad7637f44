// A little faster or slower, to bring a delay to where it should be, so gently that nobody hears it.
#pragma once

#include <algorithm>

namespace plugjam {

class Correction {
 public:
  // 1.4 cents. Of a steady tone a trained ear tells 3 to 5 apart.
  static constexpr double kMost = 0.0008;

  void reset() { rate_ = 0; }
  // To be added to a rate, once a period of `frames`, while `excess_frames` too many are held.
  double settle(double excess_frames, int frames) {
    const double wanted = std::clamp(excess_frames / kSettleFrames, -kMost, kMost);
    const double most_change = kMost * frames / kEaseFrames;
    rate_ += std::clamp(wanted - rate_, -most_change, most_change);
    return rate_;
  }

 private:
  // What is off shrinks to 1/e in so long: one second.
  static constexpr double kSettleFrames = 48000;
  // From none to the most takes so long: 50 ms.
  static constexpr double kEaseFrames = 2400;

  double rate_ = 0;
};

}  // namespace plugjam
