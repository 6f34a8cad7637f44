// A gain that glides to its target instead of jumping, so that a change is not heard as a click.
#pragma once

namespace plugjam {

class Fade {
 public:
  explicit Fade(float gain) : gain_(gain), target_(gain) {}

  void jump(float gain) {
    gain_ = target_ = gain;
    frames_left_ = 0;
  }
  // Reaches `target` in exactly `frames` frames.
  void glide(float target, int frames) {
    target_ = target;
    frames_left_ = frames;
    step_ = frames > 0 ? (target - gain_) / static_cast<float>(frames) : 0.0f;
    if (frames <= 0) gain_ = target;
  }
  bool at_zero() const { return gain_ == 0.0f && target_ == 0.0f; }

  // Scales `frames` frames of `channels` interleaved samples in place.
  void apply(float* samples, int frames, int channels) {
    int frame = 0;
    for (; frame < frames && frames_left_ > 0; ++frame) {
      gain_ = --frames_left_ == 0 ? target_ : gain_ + step_;
      for (int channel = 0; channel < channels; ++channel) samples[frame * channels + channel] *= gain_;
    }
    if (gain_ == 1.0f) return;
    for (int i = frame * channels; i < frames * channels; ++i) samples[i] *= gain_;
  }

 private:
  float gain_;
  float target_;
  float step_ = 0.0f;
  int frames_left_ = 0;
};

}  // namespace plugjam
