// Shuts the microphone in the very period in which the server says that it records.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

namespace plugjam {

// JavaScript hears of a recording a little later than the audio thread does, and mutes by itself then. The
// guard closes the gap between the two. It follows what the server says all the time, so that arming it late
// is not too late. A server that is recording already says so a moment after we join: until it has said how
// it stands, the guard stays shut, but not for longer than a second of its sound, since old servers never
// say.
class RecordingGuard {
 public:
  void arm(bool armed) { armed_ = armed; }
  // A new conversation: nothing is known. So it is when the server gives us a number: it was started anew.
  void reset() {
    recording_ = false;
    patience_frames_ = kPatienceFrames;
  }
  // So much of the session has passed in which the server's sound came.
  void pass(int frames) { patience_frames_ -= std::min(frames, patience_frames_); }
  // Each message of the joined server, checked as such (`is_message`). The same one again changes nothing.
  void hear(std::span<const uint8_t> message);

  bool shut() const { return armed_ && (recording_ || patience_frames_ > 0); }

 private:
  static constexpr int kPatienceFrames = 48000;

  bool armed_ = false;
  bool recording_ = false;
  int patience_frames_ = kPatienceFrames;  // 0: the server has spoken, or will not
};

}  // namespace plugjam
