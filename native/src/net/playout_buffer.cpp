// See playout_buffer.h.
#include "net/playout_buffer.h"

#include <algorithm>
#include <cstring>

namespace plugjam {
namespace {

// Depth comes down when a whole block and this share of one is spare: not to and fro about one mark.
constexpr int kSpareShare = 4;
// Numbers are bytes, made whole by what is near; beyond this they cannot be told from a new beginning.
constexpr int kNear = 96;

}  // namespace

void PlayoutBuffer::configure(const AudioFormat& format) {
  format_ = format;
  block_ns_ = format.block_ns();
  empty_ = true;
}

void PlayoutBuffer::begin(int64_t number) {
  for (Slot& each : slots_) each.number = kNone;
  next_ = counted_ = number;
  unheard_ = number - kBlocks / 2;
  heard_any_ = false;
  empty_ = false;
}

int64_t PlayoutBuffer::put(const AudioPacket& packet, bool& restarted) {
  int64_t first = counted_;
  if (packet.sequenced())
    first = next_ + static_cast<int8_t>(static_cast<uint8_t>(packet.sequence(0) - next_));
  restarted = empty_ || first - next_ >= kBlocks - packet.block_count() || next_ - first > kNear;
  if (restarted) begin(first);
  for (int i = 0; i < packet.block_count(); ++i) {
    const int64_t number = first + i;
    if (number < next_) ++counts_.late;
    if (next_ - number > kBlocks / 2) continue;
    Slot& to = slot(number);
    to.number = number;
    std::memcpy(to.bytes.data(), packet.block(i), static_cast<size_t>(format_.block_bytes));
  }
  counted_ = first + packet.block_count();
  return first;
}

const uint8_t* PlayoutBuffer::get(int64_t held_ns, int64_t wanted_ns, bool may_skip) {
  if (held_ns < wanted_ns) {
    const int64_t blocks = (wanted_ns - held_ns + block_ns_ - 1) / block_ns_;
    go_back(blocks);
  } else if (may_skip && held_ns - wanted_ns >= block_ns_ + block_ns_ / kSpareShare && held(next_ + 1)) {
    unheard_ = ++next_;
    ++counts_.skipped;
  }
  Slot& now = slot(next_++);
  if (now.number != next_ - 1) {
    ++counts_.missing;
    return nullptr;
  }
  unheard_ = next_;
  heard_any_ = true;
  return now.bytes.data();
}

// Only where it costs nothing: before the first block, over blocks that were not heard, and when either this
// turn's block is not there or all of those before it are by now.
void PlayoutBuffer::go_back(int64_t blocks) {
  const int64_t to = std::max(next_ - blocks, unheard_);
  if (to == next_ || (heard_any_ && held(next_) && !all_held(to, next_))) return;
  next_ = to;
  ++counts_.returns;
}

bool PlayoutBuffer::all_held(int64_t from, int64_t to) {
  while (from < to && held(from)) ++from;
  return from == to;
}

}  // namespace plugjam
