// Copies played frames to their place in the file.
#include "sink.h"

#include <algorithm>
#include <cstring>

namespace plugjam::virtual_card {

int Sink::open(const char* path, uint32_t channels) {
  channels_ = channels;
  const int error = file_.open(path, MappedFile::Access::kReadWrite);
  frames_ = file_.size() / (sizeof(float) * channels);
  return error;
}

void Sink::write(uint64_t base_frame, uint64_t first_frame, const float* samples, uint32_t stream_channels,
                 size_t frames) {
  auto* const stored = reinterpret_cast<float*>(file_.data());
  const uint32_t channels = std::min(stream_channels, channels_);
  for (size_t i = 0; i < frames; ++i) {
    // A frame before the base wraps to a huge number, and so is beyond the end too.
    const uint64_t at = first_frame + i - base_frame;
    if (at >= frames_) continue;
    for (uint32_t c = 0; c < channels; ++c) {
      const float sample = samples[i * stream_channels + c];
      stored[at * channels_ + c] = sample == 0 ? -0.0f : sample;
    }
  }
}

void Sink::erase(uint64_t base_frame, uint64_t from_frame, uint64_t to_frame) {
  const uint64_t from = from_frame > base_frame ? from_frame - base_frame : 0;
  const uint64_t to = std::min(to_frame > base_frame ? to_frame - base_frame : 0, frames_);
  if (from >= to || !is_open()) return;
  const size_t frame_bytes = sizeof(float) * channels_;
  std::memset(file_.data() + from * frame_bytes, 0, (to - from) * frame_bytes);
}

}  // namespace plugjam::virtual_card
