// See recorder_tap.h.
#include "recorder/recorder_tap.h"

#include "codec/audio_format.h"
#include "rt/locked_memory.h"

namespace plugjam {
namespace {

size_t bytes_per_sample(Depth depth) { return depth == Depth::kSixteen ? sizeof(int16_t) : sizeof(float); }

size_t cells(int slots, int tick_frames) {
  return static_cast<size_t>(slots) * RecorderTap::kSeconds * kSampleRate / static_cast<size_t>(tick_frames);
}

}  // namespace

RecorderTap::RecorderTap(int slots, int tick_frames, Depth depth)
    : depth_(depth),
      ring_(cells(slots, tick_frames),
            static_cast<size_t>(tick_frames) * kMaxChannels * bytes_per_sample(depth)),
      tracks_(static_cast<size_t>(slots), kNoTrack) {
  lock_object(ring_.memory(), ring_.bytes());  // refused: it works without
}

void RecorderTap::take(int slot, int64_t position, int channels, int frames, const void* samples) {
  const BlockHeader header{tracks_[static_cast<size_t>(slot)], static_cast<uint16_t>(channels),
                           static_cast<uint16_t>(frames), position};
  const size_t bytes = static_cast<size_t>(channels * frames) * bytes_per_sample(depth_);
  if (!ring_.push(header, samples, bytes)) {
    dropped_.store(dropped_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }
}

}  // namespace plugjam
