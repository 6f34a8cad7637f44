// See resampler.h.
#include "clock/resampler.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "clock/sinc_table.h"

namespace plugjam {
namespace {

constexpr int kTaps = SincTable::kTaps;
// Before the frame that is read next; silence in the beginning.
constexpr int kHistory = kTaps / 2 - 1;
static_assert(Resampler::kLookahead == kTaps / 2);

// Closer to a frame than this is on it: below -180 dB.
constexpr double kOnFrame = 1e-9;

float sum(float* parts) {
  for (int i = 0; i < kTaps / 2; ++i) parts[i] += parts[i + kTaps / 2];
  for (int i = 0; i < kTaps / 4; ++i) parts[i] += parts[i + kTaps / 4];
  for (int i = 0; i < kTaps / 8; ++i) parts[i] += parts[i + kTaps / 8];
  return (parts[0] + parts[1]) + (parts[2] + parts[3]);
}

}  // namespace

Resampler::Resampler(int capacity_frames)
    : capacity_(capacity_frames + kHistory),
      left_(new float[static_cast<size_t>(capacity_)]()),
      right_(new float[static_cast<size_t>(capacity_)]()) {
  SincTable::get();  // made here and not when it is first needed
  clear();
}

void Resampler::clear() {
  at_ = end_ = kHistory;
  fraction_ = 0.0;
  std::fill_n(left_.get(), kHistory, 0.0f);
  std::fill_n(right_.get(), kHistory, 0.0f);
}

bool Resampler::make_room(int frames) {
  const int kept_from = at_ - kHistory;
  if (frames > capacity_ - (end_ - kept_from)) return false;
  if (end_ + frames <= capacity_) return true;
  for (float* channel : {left_.get(), right_.get()}) {
    std::memmove(channel, channel + kept_from, static_cast<size_t>(end_ - kept_from) * sizeof(float));
  }
  end_ -= kept_from;
  at_ = kHistory;
  return true;
}

bool Resampler::write(const float* stereo, int frames) {
  if (!make_room(frames)) return false;
  for (int i = 0; i < frames; ++i) {
    left_[static_cast<size_t>(end_ + i)] = stereo[2 * i];
    right_[static_cast<size_t>(end_ + i)] = stereo[2 * i + 1];
  }
  end_ += frames;
  return true;
}

bool Resampler::write_silence(int frames) {
  if (!make_room(frames)) return false;
  std::fill_n(left_.get() + end_, frames, 0.0f);
  std::fill_n(right_.get() + end_, frames, 0.0f);
  end_ += frames;
  return true;
}

int Resampler::needed(int frames, double step) const {
  if (frames <= 0) return 0;
  if (plain(step)) return frames;
  return static_cast<int>(fraction_ + (frames - 1) * step) + 1 + kLookahead;
}

void Resampler::read(float* stereo, int frames, double step) {
  if (plain(step)) {
    for (int i = 0; i < frames; ++i) {
      stereo[2 * i] = left_[static_cast<size_t>(at_ + i)];
      stereo[2 * i + 1] = right_[static_cast<size_t>(at_ + i)];
    }
    at_ += frames;
    return;
  }
  for (int i = 0; i < frames; ++i) {
    interpolate(stereo + 2 * i);
    fraction_ += step;
    const int whole = static_cast<int>(fraction_);
    at_ += whole;
    fraction_ -= whole;
  }
  if (fraction_ > 1.0 - kOnFrame) {
    ++at_;
    fraction_ = 0.0;
  }
  if (fraction_ < kOnFrame) fraction_ = 0.0;
}

void Resampler::interpolate(float* frame) const {
  const double place = fraction_ * SincTable::kPhases;
  const int phase = static_cast<int>(place);
  const auto part = static_cast<float>(place - phase);
  const float* near = SincTable::get().row(phase);
  const float* next = SincTable::get().row(phase + 1);
  const float* left = left_.get() + (at_ - kHistory);
  const float* right = right_.get() + (at_ - kHistory);
  // Loops that compilers make vector code of. They do not reorder sums of floats by themselves, so it is done
  // here.
  float left_parts[kTaps];
  float right_parts[kTaps];
  for (int tap = 0; tap < kTaps; ++tap) {
    const float weight = near[tap] + part * (next[tap] - near[tap]);
    left_parts[tap] = weight * left[tap];
    right_parts[tap] = weight * right[tap];
  }
  frame[0] = sum(left_parts);
  frame[1] = sum(right_parts);
}

}  // namespace plugjam
