// How often values of each size came: one thread counts, others look whenever they like; nobody waits.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace plugjam {

// Values from 0 up, to within 1/16: below 16 each has a bin of its own, above that 16 bins share an octave.
class Histogram {
 public:
  static constexpr uint32_t kMost = (1u << 20) - 1;  // greater ones count as this

  // One thread.
  void add(uint32_t value) {
    value = std::min(value, kMost);
    std::atomic<uint64_t>& bin = bins_[bin_of(value)];
    bin.store(bin.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    if (value > most_.load(std::memory_order_relaxed)) most_.store(value, std::memory_order_relaxed);
  }
  void clear() {
    for (auto& bin : bins_) bin.store(0, std::memory_order_relaxed);
    most_.store(0, std::memory_order_relaxed);
  }

  // What anybody may add up.
  struct Sum {
    std::array<uint64_t, 16 * 17> bins{};
    uint64_t count = 0;
    uint32_t most = 0;

    // The least value that this share of all do not exceed; of none, 0.
    uint32_t percentile(double share) const {
      uint64_t left = static_cast<uint64_t>(share * static_cast<double>(count));
      for (size_t i = 0; i < bins.size(); ++i) {
        if (bins[i] > left) return std::min(most, last_of(i));
        left -= bins[i];
      }
      return most;
    }
  };
  void add_to(Sum& sum) const {
    for (size_t i = 0; i < bins_.size(); ++i) {
      const uint64_t count = bins_[i].load(std::memory_order_relaxed);
      sum.bins[i] += count;
      sum.count += count;
    }
    sum.most = std::max(sum.most, most_.load(std::memory_order_relaxed));
  }

 private:
  static size_t bin_of(uint32_t value) {
    const int octave = std::max(0, static_cast<int>(std::bit_width(value)) - 5);
    return static_cast<size_t>(octave) * 16 + (value >> octave);
  }
  static uint32_t last_of(size_t bin) {
    if (bin < 32) return static_cast<uint32_t>(bin);
    const size_t octave = bin / 16 - 1;
    return static_cast<uint32_t>(((bin - octave * 16 + 1) << octave) - 1);
  }

  std::array<std::atomic<uint64_t>, 16 * 17> bins_{};
  std::atomic<uint32_t> most_{0};
};

}  // namespace plugjam
