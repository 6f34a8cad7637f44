// How evenly packets arrive, for the status to show: RFC 3550 jitter.
#pragma once

#include <cstdint>

namespace plugjam {

class ArrivalStats {
 public:
  // `block_ns` is how long one block sounds. Forgets the past.
  void configure(int64_t block_ns) { *this = ArrivalStats(block_ns); }

  // Kernel receive time and number of a packet's first block. A sender without numbers: count its blocks.
  void on_packet(int64_t received_ns, uint8_t sequence) {
    if (started_) {
      // Blocks between the two packets as the sender counts them, -128 … 127: what was lost lies in between.
      const int64_t blocks = static_cast<int8_t>(static_cast<uint8_t>(sequence - last_sequence_));
      const int64_t gap_ns = received_ns - last_ns_;
      const int64_t off_ns = gap_ns - blocks * block_ns_;
      jitter_ns_ += (static_cast<double>(off_ns < 0 ? -off_ns : off_ns) - jitter_ns_) / 16.0;
    }
    started_ = true;
    last_ns_ = received_ns;
    last_sequence_ = sequence;
  }

  // Interarrival jitter (RFC 3550, 6.4.1).
  double jitter_ms() const { return jitter_ns_ / 1e6; }

  ArrivalStats() = default;

 private:
  explicit ArrivalStats(int64_t block_ns) : block_ns_(block_ns) {}

  int64_t block_ns_ = 0;
  int64_t last_ns_ = 0;
  double jitter_ns_ = 0;
  uint8_t last_sequence_ = 0;
  bool started_ = false;
};

}  // namespace plugjam
