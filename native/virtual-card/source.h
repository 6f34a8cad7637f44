// What a virtual card hears: samples as a function of the absolute frame number.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace plugjam::virtual_card {

constexpr uint32_t kMaxChannels = 8;

class Source {
 public:
  virtual ~Source() = default;

  // Fill out with frames interleaved frames, beginning at the card's frame first_frame. The same frame always
  // gives the same samples, however the calls are cut. Realtime safe.
  virtual void render(uint64_t first_frame, size_t frames, uint32_t channels, float* out) const = 0;
};

class SilenceSource : public Source {
 public:
  void render(uint64_t first_frame, size_t frames, uint32_t channels, float* out) const override;
};

// A sine per channel, all of one amplitude, each with phase 0 at frame 0. Frequency 0 is silence.
class SineSource : public Source {
 public:
  SineSource(const std::array<double, kMaxChannels>& frequencies_hz, double amplitude, uint32_t rate_hz);
  void render(uint64_t first_frame, size_t frames, uint32_t channels, float* out) const override;

 private:
  std::array<double, kMaxChannels> cycles_per_frame_;
  double amplitude_;
};

// One sample of kHeight on every channel wherever frame % interval == offset, silence between.
class ImpulseSource : public Source {
 public:
  static constexpr float kHeight = 0.9f;

  // interval is at least 1.
  ImpulseSource(uint64_t interval_frames, uint64_t offset_frames);
  void render(uint64_t first_frame, size_t frames, uint32_t channels, float* out) const override;

 private:
  uint64_t interval_;
  uint64_t offset_;
};

}  // namespace plugjam::virtual_card
