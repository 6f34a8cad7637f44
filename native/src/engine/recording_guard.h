// Shuts the microphone in the very period in which the server says that it records.
#pragma once

#include <cstdint>
#include <span>

namespace plugjam {

// JavaScript hears of a recording a little later than the audio thread does, and mutes by itself then. The
// guard closes the gap between the two. It follows what the server says all the time, so that arming it late
// is not too late.
class RecordingGuard {
 public:
  void arm(bool armed) { armed_ = armed; }
  // A new conversation: nothing is known.
  void reset() { recording_ = false; }
  // Each message of the joined server, checked as such (`is_message`). The same one again changes nothing.
  void hear(std::span<const uint8_t> message);

  bool shut() const { return armed_ && recording_; }

 private:
  bool armed_ = false;
  bool recording_ = false;
};

}  // namespace plugjam
