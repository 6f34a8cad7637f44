// The level that clients show of each other: 0 … 9, as the protocol measures it (spec 6.5).
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>

namespace plugjam {

class LevelMeter {
 public:
  // Looks at one block of interleaved samples. To be called about every 270 ms.
  void measure(std::span<const int16_t> block, int channels) {
    // Negative samples only, every third frame: so do all servers, and so the meters in the field look alike.
    int lowest = 0;
    const auto step = static_cast<size_t>(3 * channels);
    for (size_t frame = 0; frame < block.size(); frame += step) {
      for (size_t channel = 0; channel < static_cast<size_t>(channels); ++channel) {
        lowest = std::min<int>(lowest, block[frame + channel]);
      }
    }
    peak_ = std::max(peak_ >= 2 ? peak_ * 0.5 : 0.0, static_cast<double>(-lowest));
    level_ = peak_ > 0 ? static_cast<int>(std::ceil(std::max(0.0, scale(peak_)))) : 0;
  }

  int level() const { return level_; }

 private:
  static double scale(double peak) { return 8.0 * (20.0 * std::log10(peak / 32767.0) + 50.0) / 50.0; }

  double peak_ = 0;
  int level_ = 0;
};

}  // namespace plugjam
