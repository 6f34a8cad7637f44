// Holds blocks back for a while, so that late ones are still in time (spec 5.2, 5.3).
#pragma once

#include <array>
#include <cstdint>

#include "codec/audio_format.h"
#include "net/audio_packet.h"
#include "net/block_window.h"

namespace plugjam {

struct JitterBufferCounts {
  uint64_t late = 0;       // blocks that came after their turn
  uint64_t underruns = 0;  // get() found nothing
  uint64_t overruns = 0;   // blocks that put() threw away unheard
};

class JitterBuffer {
 public:
  // Empties the buffer; `format` is valid, `depth` is 1 … kMaxDepth blocks. Counts go on.
  void configure(const AudioFormat& format, int depth);
  // Keeps the blocks that fit.
  void resize(int depth);
  // A sender's first block: its number is taken as the middle of the window, so that there is as much room
  // for those that come early as for those that come late. Nothing to do for senders without numbers.
  void begin(const AudioPacket& packet);
  // Enough is held to begin taking blocks out: half the depth, where the numbers don't see to it.
  bool primed() const { return sequenced_ ? window_.held() > 0 : fifo_.held() > (fifo_.depth() - 1) / 2; }

  // Of the configured format.
  void put(const AudioPacket& packet);
  // The bytes of the next block, good until the next put(); null: it is not there, conceal it.
  const uint8_t* get();

  int depth() const { return sequenced_ ? window_.depth() : fifo_.depth(); }
  int held() const { return sequenced_ ? window_.held() : fifo_.held(); }
  const JitterBufferCounts& counts() const { return counts_; }

 private:
  // A block's place follows from its number, so no block is ever moved: kMaxDepth divides 256.
  uint8_t* slot(uint8_t number) { return slots_[number % kMaxDepth].data(); }
  void store(uint8_t number, const uint8_t* block);
  void count(const PutResult& result);

  std::array<std::array<uint8_t, kMaxBlockBytes>, kMaxDepth> slots_{};
  SequencedWindow window_;
  FifoWindow fifo_;
  JitterBufferCounts counts_;
  int block_bytes_ = 0;
  bool sequenced_ = false;
  uint8_t oldest_ = 0;  // number we gave to the oldest block of the FIFO
};

}  // namespace plugjam
