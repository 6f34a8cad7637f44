// See jitter_buffer.h.
#include "net/jitter_buffer.h"

#include <cstring>

namespace plugjam {

void JitterBuffer::configure(const AudioFormat& format, int depth) {
  block_bytes_ = format.block_bytes;
  sequenced_ = format.sequenced;
  window_.reset(depth);
  fifo_.reset(depth);
}

void JitterBuffer::resize(int depth) {
  window_.resize(depth);
  fifo_.resize(depth);
}

void JitterBuffer::begin(const AudioPacket& packet) {
  if (!packet.sequenced()) return;
  window_.begin(static_cast<uint8_t>(packet.sequence(0) - (window_.depth() - 1) / 2));
}

void JitterBuffer::put(const AudioPacket& packet) {
  const int blocks = packet.block_count();
  if (sequenced_) {
    for (int i = 0; i < blocks; ++i) {
      count(window_.put(packet.sequence(i)));
      store(packet.sequence(i), packet.block(i));
    }
    return;
  }
  const auto first_free = static_cast<uint8_t>(oldest_ + fifo_.held());
  const PutResult result = fifo_.put(blocks);
  count(result);
  if (!result.stored) return;
  for (int i = 0; i < blocks; ++i) store(static_cast<uint8_t>(first_free + i), packet.block(i));
}

const uint8_t* JitterBuffer::get() {
  const uint8_t number = sequenced_ ? window_.next() : oldest_;
  const bool held = sequenced_ ? window_.get() : fifo_.get();
  if (!held) {
    ++counts_.underruns;
    return nullptr;
  }
  if (!sequenced_) ++oldest_;
  return slot(number);
}

void JitterBuffer::store(uint8_t number, const uint8_t* block) {
  std::memcpy(slot(number), block, block_bytes_);
}

void JitterBuffer::count(const PutResult& result) {
  counts_.late += result.late ? 1 : 0;
  counts_.overruns += result.dropped;
}

}  // namespace plugjam
