// Which blocks a jitter buffer holds: the rules of spec 5.2 and 5.3, without the blocks themselves.
//
//                 next()
//   sequence   ...  17   18   19   20  ...        depth 4: 17 is wanted next, 20 is the latest that fits
//   held             x    .    x    .             bit 0, 1, 2, 3 of held_
//
// A block behind the window pulls it back, a block beyond pushes it on; what falls off is lost. So the window
// follows the sender's clock.
#pragma once

#include <bit>
#include <cstdint>

namespace plugjam {

constexpr int kMaxDepth = 32;

struct PutResult {
  bool stored = true;
  bool late = false;  // its turn was over, or the sender began anew
  int dropped = 0;    // blocks that fell off, held but never to be heard
};

// For senders that number their blocks.
class SequencedWindow {
 public:
  // Empties the window. The sequence is not reset: the sender's counter goes on, too.
  void reset(int depth) {
    held_ = 0;
    depth_ = depth;
  }

  // From here on this block is wanted next.
  void begin(uint8_t next) { next_ = next; }

  // Keeps the blocks from next() on, as many as fit.
  void resize(int depth) {
    depth_ = depth;
    held_ &= mask();
  }

  PutResult put(uint8_t sequence) {
    const int ahead = static_cast<int8_t>(static_cast<uint8_t>(sequence - next_));
    PutResult result;
    uint64_t kept = held_;
    int at = ahead;
    if (ahead < 0) {
      // The block that was next is lost as well, although there would be room: so do all others in the field,
      // and the automatic depth is tuned to it.
      kept = -ahead < depth_ ? ((held_ & ~uint64_t{1}) << -ahead) & mask() : 0;
      next_ = sequence;
      at = 0;
      result.late = true;
    } else if (ahead >= depth_) {
      const int shift = ahead - depth_ + 1;
      kept = shift < depth_ ? held_ >> shift : 0;
      next_ = static_cast<uint8_t>(next_ + shift);
      at = depth_ - 1;
    }
    // A second copy takes the place of the first.
    const uint64_t stored = uint64_t{1} << at;
    result.dropped = std::popcount(held_) - std::popcount(kept & ~stored);
    held_ = kept | stored;
    return result;
  }

  // Moves on by one block in any case. True: that block is held.
  bool get() {
    const bool held = held_ & 1;
    held_ >>= 1;
    ++next_;
    return held;
  }

  // Sequence of the block that get() takes next.
  uint8_t next() const { return next_; }
  int depth() const { return depth_; }
  int held() const { return std::popcount(held_); }

 private:
  uint64_t mask() const { return (uint64_t{1} << depth_) - 1; }

  uint64_t held_ = 0;  // bit n: the block next_ + n is there
  int depth_ = 1;
  uint8_t next_ = 0;
};

// For senders that do not: first in, first out.
class FifoWindow {
 public:
  void reset(int depth) {
    held_ = 0;
    depth_ = depth;
  }

  // Keeps the oldest, as many as fit.
  void resize(int depth) {
    depth_ = depth;
    if (held_ > depth) held_ = depth;
  }

  // All blocks of a packet, or none.
  PutResult put(int blocks) {
    if (held_ + blocks > depth_) return {.stored = false, .late = false, .dropped = blocks};
    held_ += blocks;
    return {};
  }

  // True: the oldest block is taken out.
  bool get() {
    if (held_ == 0) return false;
    --held_;
    return true;
  }

  int depth() const { return depth_; }
  int held() const { return held_; }

 private:
  int held_ = 0;
  int depth_ = 1;
};

}  // namespace plugjam
