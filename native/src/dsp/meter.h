// A peak meter: rises at once, falls slowly, so that whoever looks now and then sees every peak.
#pragma once

#include <algorithm>
#include <cmath>

namespace plugjam {

class Meter {
 public:
  // Every `stride`-th of the samples, `frames` of them; 48 kHz.
  void measure(const float* samples, int frames, int stride) {
    level_ *= std::exp2(static_cast<float>(-frames) / kHalvingFrames);
    for (int i = 0; i < frames; ++i) level_ = std::max(level_, std::fabs(samples[i * stride]));
  }
  // Linear, 1.0 = full scale.
  float level() const { return level_; }

 private:
  static constexpr float kHalvingFrames = 12000;  // 6 dB in a quarter of a second

  float level_ = 0.0f;
};

}  // namespace plugjam
