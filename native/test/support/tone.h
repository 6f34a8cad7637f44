// What a listener measures: level, and the amplitude of one frequency.
#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "codec/audio_format.h"

namespace plugjam::test {

// One audio channel of interleaved samples.
inline std::vector<double> channel_of(const std::vector<float>& interleaved, int channels, int channel) {
  std::vector<double> samples;
  for (size_t i = static_cast<size_t>(channel); i < interleaved.size(); i += static_cast<size_t>(channels)) {
    samples.push_back(interleaved[i]);
  }
  return samples;
}

inline double rms(const std::vector<double>& samples) {
  double sum = 0;
  for (const double sample : samples) sum += sample * sample;
  return std::sqrt(sum / static_cast<double>(samples.size()));
}

inline double peak(const std::vector<double>& samples) {
  double highest = 0;
  for (const double sample : samples) highest = std::max(highest, std::fabs(sample));
  return highest;
}

inline double amplitude_at(const std::vector<double>& samples, double hertz) {
  double in_phase = 0, quadrature = 0;
  for (size_t i = 0; i < samples.size(); ++i) {
    const double angle = 2 * std::numbers::pi * hertz / kSampleRate * static_cast<double>(i);
    in_phase += samples[i] * std::cos(angle);
    quadrature += samples[i] * std::sin(angle);
  }
  return 2 * std::hypot(in_phase, quadrature) / static_cast<double>(samples.size());
}

}  // namespace plugjam::test
