// Messages of any length on their way from the audio thread to JavaScript, without locks.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace plugjam {

// A ring of bytes that holds records of a header and a payload. One writer, one reader. A record is written
// in two pieces where it crosses the end, so no byte is wasted and a record may be as long as the ring.
template <typename Header, size_t kBytes>
class DatagramRing {
  static_assert((kBytes & (kBytes - 1)) == 0, "capacity must be a power of two");
  static_assert(std::is_trivially_copyable_v<Header>);

 public:
  // Writer. False: no room for the whole record, and nothing was written.
  bool push(const Header& header, std::span<const uint8_t> payload) {
    const size_t write = write_.load(std::memory_order_relaxed);
    const uint32_t length = static_cast<uint32_t>(payload.size());
    const size_t needed = sizeof(length) + sizeof(Header) + payload.size();
    if (kBytes - (write - read_.load(std::memory_order_acquire)) < needed) return false;
    put(write, &length, sizeof(length));
    put(write + sizeof(length), &header, sizeof(Header));
    put(write + sizeof(length) + sizeof(Header), payload.data(), payload.size());
    write_.store(write + needed, std::memory_order_release);
    return true;
  }

  // Reader. Copies the oldest record out; `payload` must hold the longest there can be. False: empty.
  bool pop(Header& header, std::span<uint8_t> payload, size_t& length) {
    const size_t read = read_.load(std::memory_order_relaxed);
    if (read == write_.load(std::memory_order_acquire)) return false;
    uint32_t stored = 0;
    get(read, &stored, sizeof(stored));
    get(read + sizeof(stored), &header, sizeof(Header));
    length = stored < payload.size() ? stored : payload.size();
    get(read + sizeof(stored) + sizeof(Header), payload.data(), length);
    read_.store(read + sizeof(stored) + sizeof(Header) + stored, std::memory_order_release);
    return true;
  }

 private:
  void put(size_t at, const void* data, size_t size) {
    const size_t start = at & (kBytes - 1);
    const size_t first = size < kBytes - start ? size : kBytes - start;
    if (first > 0) std::memcpy(bytes_.data() + start, data, first);
    if (size > first) std::memcpy(bytes_.data(), static_cast<const uint8_t*>(data) + first, size - first);
  }
  void get(size_t at, void* data, size_t size) const {
    const size_t start = at & (kBytes - 1);
    const size_t first = size < kBytes - start ? size : kBytes - start;
    if (first > 0) std::memcpy(data, bytes_.data() + start, first);
    if (size > first) std::memcpy(static_cast<uint8_t*>(data) + first, bytes_.data(), size - first);
  }

  alignas(64) std::atomic<size_t> write_{0};
  alignas(64) std::atomic<size_t> read_{0};
  std::array<uint8_t, kBytes> bytes_{};
};

}  // namespace plugjam
