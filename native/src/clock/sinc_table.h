// The resampler's filter: a sinc under a Kaiser window, in steps of 1/512 of a frame.
#pragma once

#include <array>
#include <cstddef>

namespace plugjam {

class SincTable {
 public:
  static constexpr int kTaps = 32;
  static constexpr int kPhases = 512;

  // Made by the first who asks, which takes some ms.
  static const SincTable& get();

  // The weights of 32 frames for a place `phase`/512 behind the 16th of them; 0 <= phase <= 512.
  const float* row(int phase) const { return &weights_[static_cast<size_t>(phase * kTaps)]; }

 private:
  SincTable();

  alignas(64) std::array<float, static_cast<size_t>((kPhases + 1) * kTaps)> weights_;
};

}  // namespace plugjam
