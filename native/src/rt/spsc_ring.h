// A queue of small fixed-size values between exactly one writer and one reader, without locks.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <type_traits>

namespace plugjam {

// Each index has one writer. They run freely and wrap at 2^64; only their difference counts.
template <typename T, size_t kCapacity>
class SpscRing {
  static_assert((kCapacity & (kCapacity - 1)) == 0, "capacity must be a power of two");
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  // Writer. False: the ring is full and nothing was written; the caller says what that means.
  bool push(const T& value) {
    const size_t write = write_.load(std::memory_order_relaxed);
    if (write - read_.load(std::memory_order_acquire) == kCapacity) return false;
    slots_[write & (kCapacity - 1)] = value;
    write_.store(write + 1, std::memory_order_release);
    return true;
  }

  // Reader. False: the ring is empty.
  bool pop(T& value) {
    const size_t read = read_.load(std::memory_order_relaxed);
    if (read == write_.load(std::memory_order_acquire)) return false;
    value = slots_[read & (kCapacity - 1)];
    read_.store(read + 1, std::memory_order_release);
    return true;
  }

 private:
  alignas(64) std::atomic<size_t> write_{0};
  alignas(64) std::atomic<size_t> read_{0};
  std::array<T, kCapacity> slots_{};
};

}  // namespace plugjam
