// Holds back the blocks of one sender until their turn on the sender's clock; what comes late costs only
// itself.
//
//                      next()
//   number  ...  15 16 17 18 19 20 ...
//                 .  x  .  .  x  x         15 to 17 were concealed, and 16 has come since. If blocks are to
//                 be held longer
//                                          anyway, now it costs nothing: the turn goes back, and 16 is heard
//                                          after all
#pragma once

#include <array>
#include <cstdint>

#include "codec/audio_format.h"
#include "net/audio_packet.h"

namespace plugjam {

struct PlayoutCounts {
  uint64_t late = 0;     // blocks that came after their turn
  uint64_t missing = 0;  // turns whose block was not there
  uint64_t skipped = 0;  // blocks passed over to come down in depth
  uint64_t returns = 0;  // times the turn went back to go up in depth
};

class PlayoutBuffer {
 public:
  static constexpr int kBlocks = 64;

  // Empties the buffer. Counts go on.
  void configure(const AudioFormat& format);
  // No block has come since configure().
  bool empty() const { return empty_; }

  // Takes the packet in and returns the number of its first block, counted on from the first packet of all,
  // without wrapping around. A sender without numbers has its blocks counted. `restarted`: the sender began
  // anew, or was away for so long that nothing of before counts.
  int64_t put(const AudioPacket& packet, bool& restarted);

  // The next block's turn: its bytes, good until the next put(); null: conceal it. `held_ns` is how long
  // after its ideal moment block next() would be taken now, `wanted_ns` how long it should be; both as
  // DepthTarget has them. With `may_skip` off, depth is left to come down by the resampler, which is told by
  // the same two figures.
  const uint8_t* get(int64_t held_ns, int64_t wanted_ns, bool may_skip);

  // The block whose turn comes next.
  int64_t next() const { return next_; }
  const PlayoutCounts& counts() const { return counts_; }

 private:
  static constexpr int64_t kNone = INT64_MIN;

  struct Slot {
    int64_t number = kNone;
    std::array<uint8_t, kMaxBlockBytes> bytes;
  };

  Slot& slot(int64_t number) { return slots_[static_cast<size_t>(number) % kBlocks]; }
  bool held(int64_t number) { return slot(number).number == number; }
  void begin(int64_t number);
  void go_back(int64_t blocks);
  bool all_held(int64_t from, int64_t to);

  std::array<Slot, kBlocks> slots_{};
  PlayoutCounts counts_;
  AudioFormat format_;
  int64_t block_ns_ = 0;
  int64_t next_ = 0;
  int64_t unheard_ = 0;  // all from here to next() were concealed
  int64_t counted_ = 0;  // a number for the next block of a sender without
  bool empty_ = true;
  bool heard_any_ = false;  // since the beginning
};

}  // namespace plugjam
