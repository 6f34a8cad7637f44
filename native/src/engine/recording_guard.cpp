// See recording_guard.h.
#include "engine/recording_guard.h"

#include <cstddef>

namespace plugjam {
namespace {

// The frames of both messages: their IDs, and one byte of body (spec 1.1, 2.2).
constexpr uint8_t kClientId = 32;
constexpr uint8_t kRecorderState = 33;
constexpr size_t kFrameBytes = 10;
constexpr size_t kBodyAt = 7;
constexpr uint8_t kFirstState = 1;
constexpr uint8_t kRecording = 3;

}  // namespace

void RecordingGuard::hear(std::span<const uint8_t> message) {
  if (message.size() != kFrameBytes || message[3] != 0) return;
  if (message[2] == kClientId) return reset();
  if (message[2] != kRecorderState) return;
  const uint8_t state = message[kBodyAt];
  if (state < kFirstState || state > kRecording) return;
  recording_ = state == kRecording;
  patience_frames_ = 0;
}

}  // namespace plugjam
