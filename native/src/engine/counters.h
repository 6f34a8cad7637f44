// Running totals and levels of the audio thread, published once a period.
#pragma once

#include <array>
#include <cstdint>

namespace plugjam {

struct Counters {
  uint64_t periods = 0;
  uint64_t xruns = 0;
  uint64_t packets_sent = 0;
  uint64_t packets_received = 0;
  uint64_t send_failures = 0;
  uint64_t wrong_size = 0;        // audio datagrams of another size than announced
  uint64_t strangers = 0;         // datagrams from addresses nobody here talks to
  uint64_t messages_dropped = 0;  // the ring to JavaScript was full
  uint64_t notices_dropped = 0;
  uint32_t headroom_frames = 0;  // that the card has left at a wake-up in time; where it is not kept full
  // Since the last join:
  uint64_t decoded = 0;
  uint64_t concealed = 0;
  uint64_t late = 0;
  uint64_t lost = 0;
  uint32_t jitter_blocks = 0;
  float jitter_ms = 0;
  // By how much the card is faster than the server, where that is known.
  bool drift_known = false;
  float drift_ppm = 0;
  // Left and right, linear, 1.0 = full scale.
  std::array<float, 2> capture_levels{};
  std::array<float, 2> playback_levels{};
};

}  // namespace plugjam
