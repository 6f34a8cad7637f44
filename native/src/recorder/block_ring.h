// Blocks of sound on their way from a realtime thread to the disk, without locks.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>

namespace plugjam {

// What a block says of itself; its samples lie behind it.
struct BlockHeader {
  uint32_t track = 0;     // of which recording it is a part
  uint16_t channels = 0;  // 1 or 2, interleaved
  uint16_t frames = 0;
  int64_t position = 0;  // of its first frame, in frames of the mixer's time
};

// A ring of cells of one size. One writer, one reader. All memory is taken and touched when it is made, so
// that the writer never waits for a page.
class BlockRing {
 public:
  BlockRing(size_t cells, size_t most_sample_bytes)
      : cells_(cells),
        cell_bytes_(sizeof(BlockHeader) + most_sample_bytes),
        bytes_(new uint8_t[cells * cell_bytes_]) {
    std::memset(bytes_.get(), 0, bytes());
  }

  size_t cells() const { return cells_; }
  size_t bytes() const { return cells_ * cell_bytes_; }
  const void* memory() const { return bytes_.get(); }

  // Writer. False: the ring is full and nothing was written.
  bool push(const BlockHeader& header, const void* samples, size_t sample_bytes) {
    const uint64_t write = write_.load(std::memory_order_relaxed);
    if (write - read_.load(std::memory_order_acquire) == cells_) return false;
    uint8_t* cell = at(write);
    std::memcpy(cell, &header, sizeof(header));
    std::memcpy(cell + sizeof(header), samples, sample_bytes);
    write_.store(write + 1, std::memory_order_release);
    return true;
  }

  // Reader. How many blocks wait.
  size_t waiting() const {
    return static_cast<size_t>(write_.load(std::memory_order_acquire) -
                               read_.load(std::memory_order_relaxed));
  }
  // Reader. The oldest of those that wait; the samples stay where they are until pop().
  const uint8_t* front(BlockHeader& header) const {
    const uint8_t* cell = at(read_.load(std::memory_order_relaxed));
    std::memcpy(&header, cell, sizeof(header));
    return cell + sizeof(header);
  }
  void pop() { read_.store(read_.load(std::memory_order_relaxed) + 1, std::memory_order_release); }

 private:
  uint8_t* at(uint64_t index) const { return bytes_.get() + (index % cells_) * cell_bytes_; }

  size_t cells_;
  size_t cell_bytes_;
  std::unique_ptr<uint8_t[]> bytes_;
  alignas(64) std::atomic<uint64_t> write_{0};
  alignas(64) std::atomic<uint64_t> read_{0};
};

}  // namespace plugjam
