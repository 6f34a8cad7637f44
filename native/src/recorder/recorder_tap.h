// The recorder's end in the mixer's thread: takes the blocks of those who are recorded, and never waits.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "recorder/block_ring.h"

namespace plugjam {

enum class Depth : uint8_t {
  kSixteen,
  kTwentyFour,  // what the decoder really said, not what 16 bit leave of it
};

class RecorderTap {
 public:
  // So long may the disk stall while everybody who fits in is recorded in stereo.
  static constexpr int kSeconds = 5;
  static constexpr uint32_t kNoTrack = 0;

  RecorderTap(int slots, int tick_frames, Depth depth);

  Depth depth() const { return depth_; }
  BlockRing& ring() { return ring_; }

  // ---- the mixer's thread ----

  // The client in this slot is recorded on this track from here on; kNoTrack: it is not. One of the orders
  // that are counted.
  void record(int slot, uint32_t track) {
    tracks_[static_cast<size_t>(slot)] = track;
    obeyed_.store(obeyed_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  }
  // The client has left: whoever gets its slot is not recorded unless that is ordered.
  void forget(int slot) { tracks_[static_cast<size_t>(slot)] = kNoTrack; }
  bool wants(int slot) const { return tracks_[static_cast<size_t>(slot)] != kNoTrack; }
  // `samples` are int16_t, or float where the depth is 24 bit; interleaved, no longer than a tick. Full ring:
  // the block is dropped and counted, and the gap shows by the position of the next.
  void take(int slot, int64_t position, int channels, int frames, const void* samples);

  // ---- anyone ----

  // Orders obeyed so far. Whoever sees an order counted finds the blocks that came before it in the ring.
  uint64_t obeyed() const { return obeyed_.load(std::memory_order_acquire); }
  uint64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }

 private:
  Depth depth_;
  BlockRing ring_;
  std::vector<uint32_t> tracks_;  // by slot
  std::atomic<uint64_t> obeyed_{0};
  std::atomic<uint64_t> dropped_{0};
};

}  // namespace plugjam
