// Stereo frames between a sound card's periods and the codec's blocks, where the two lengths differ.
#pragma once

#include <algorithm>
#include <cstring>
#include <memory>

namespace plugjam {

// One thread. The content always lies in one piece: it is moved down when the end is reached, at most a few
// hundred frames, so that readers and writers get plain pointers.
class FrameFifo {
 public:
  explicit FrameFifo(int capacity_frames)
      : capacity_(capacity_frames), samples_(new float[size_t(capacity_frames) * 2]()) {}

  int frames() const { return end_ - begin_; }
  void clear() { begin_ = end_ = 0; }

  // Room for `frames` stereo frames, to be filled now; null when that many never fit.
  float* write(int frames) {
    if (frames > capacity_ - this->frames()) return nullptr;
    if (end_ + frames > capacity_) {
      std::memmove(samples_.get(), samples_.get() + size_t(begin_) * 2,
                   size_t(this->frames()) * 2 * sizeof(float));
      end_ -= begin_;
      begin_ = 0;
    }
    float* place = samples_.get() + size_t(end_) * 2;
    end_ += frames;
    return place;
  }

  // The oldest `frames` frames, valid until the next write; null when there are fewer.
  const float* read(int frames) {
    if (frames > this->frames()) return nullptr;
    const float* place = samples_.get() + size_t(begin_) * 2;
    begin_ += frames;
    return place;
  }

 private:
  int capacity_;
  std::unique_ptr<float[]> samples_;
  int begin_ = 0;
  int end_ = 0;
};

}  // namespace plugjam
