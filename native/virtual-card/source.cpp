// The sources that are a formula.
#include "source.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace plugjam::virtual_card {

void SilenceSource::render(uint64_t, size_t frames, uint32_t channels, float* out) const {
  std::fill_n(out, frames * channels, 0.0f);
}

SineSource::SineSource(const std::array<double, kMaxChannels>& frequencies_hz, double amplitude,
                       uint32_t rate_hz)
    : amplitude_(amplitude) {
  for (uint32_t c = 0; c < kMaxChannels; ++c) cycles_per_frame_[c] = frequencies_hz[c] / rate_hz;
}

void SineSource::render(uint64_t first_frame, size_t frames, uint32_t channels, float* out) const {
  for (uint32_t c = 0; c < channels; ++c) {
    for (size_t i = 0; i < frames; ++i) {
      // Whole cycles go before the sine, so that the argument keeps its precision for days.
      const double cycles = static_cast<double>(first_frame + i) * cycles_per_frame_[c];
      const double angle = 2 * std::numbers::pi * (cycles - std::floor(cycles));
      out[i * channels + c] = static_cast<float>(amplitude_ * std::sin(angle));
    }
  }
}

ImpulseSource::ImpulseSource(uint64_t interval_frames, uint64_t offset_frames)
    : interval_(interval_frames), offset_(offset_frames % interval_frames) {}

void ImpulseSource::render(uint64_t first_frame, size_t frames, uint32_t channels, float* out) const {
  std::fill_n(out, frames * channels, 0.0f);
  uint64_t i = (offset_ + interval_ - first_frame % interval_) % interval_;
  for (; i < frames; i += interval_) std::fill_n(out + i * channels, channels, kHeight);
}

}  // namespace plugjam::virtual_card
