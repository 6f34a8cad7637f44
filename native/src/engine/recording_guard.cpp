// See recording_guard.h.
#include "engine/recording_guard.h"

#include <cstddef>

namespace plugjam {
namespace {

// The frame of RECORDER_STATE: its ID, and its one byte of body (spec 1.1, 2.2).
constexpr uint8_t kRecorderState = 33;
constexpr size_t kFrameBytes = 10;
constexpr size_t kBodyAt = 7;
constexpr uint8_t kFirstState = 1;
constexpr uint8_t kRecording = 3;

}  // namespace

void RecordingGuard::hear(std::span<const uint8_t> message) {
  if (message.size() != kFrameBytes || message[2] != kRecorderState || message[3] != 0) return;
  const uint8_t state = message[kBodyAt];
  if (state < kFirstState || state > kRecording) return;
  recording_ = state == kRecording;
  patience_frames_ = 0;
}

}  // namespace plugjam
