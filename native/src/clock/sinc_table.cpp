// See sinc_table.h.
#include "clock/sinc_table.h"

#include <cmath>
#include <numbers>

namespace plugjam {
namespace {

// The window's shape: a narrower edge lets images of what is below 18 kHz through, a wider one dulls it.
// Measured in resampler_test.
constexpr double kBeta = 10.0;

// Modified Bessel function of the first kind, order 0.
double bessel(double x) {
  double sum = 1.0;
  double term = 1.0;
  for (int k = 1; term > sum * 1e-17; ++k) {
    const double factor = x / (2.0 * k);
    term *= factor * factor;
    sum += term;
  }
  return sum;
}

// The sinc is cut off at half the rate, so that it is 0 on every other frame: on a frame the filter is a
// copy.
double weight(double distance) {
  constexpr double kHalf = SincTable::kTaps / 2;
  if (std::fabs(distance) >= kHalf) return 0.0;
  const double off_centre = distance / kHalf;
  const double window = bessel(kBeta * std::sqrt(1.0 - off_centre * off_centre)) / bessel(kBeta);
  const double angle = std::numbers::pi * distance;
  return distance == 0.0 ? 1.0 : window * std::sin(angle) / angle;
}

}  // namespace

const SincTable& SincTable::get() {
  static const SincTable table;
  return table;
}

SincTable::SincTable() {
  for (int phase = 0; phase <= kPhases; ++phase) {
    double row[kTaps];
    double sum = 0.0;
    for (int tap = 0; tap < kTaps; ++tap) {
      // sin(pi) is not quite 0 in floating point, and what stands on a frame shall be copied to the bit.
      const double distance = tap - (kTaps / 2 - 1) - static_cast<double>(phase) / kPhases;
      row[tap] = distance != 0.0 && distance == std::floor(distance) ? 0.0 : weight(distance);
      sum += row[tap];
    }
    // A level that stands still comes out as it went in.
    for (int tap = 0; tap < kTaps; ++tap) {
      weights_[static_cast<size_t>(phase * kTaps + tap)] = static_cast<float>(row[tap] / sum);
    }
  }
}

}  // namespace plugjam
