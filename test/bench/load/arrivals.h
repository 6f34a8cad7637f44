// When a client's packets arrive, against the times at which an even sender would have sent them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace plugjam::load {

class Arrivals {
 public:
  explicit Arrivals(int64_t block_ns) : block_ns_(block_ns) {}

  // Kernel receive time and number of a packet's first block.
  void on_packet(int64_t at_ns, uint8_t sequence) {
    if (!offsets_.empty()) {
      const auto step = static_cast<int8_t>(static_cast<uint8_t>(sequence - sequence_));
      blocks_ += step;
      lost_ += std::max(0, step - 1);
      longest_gap_ns_ = std::max(longest_gap_ns_, at_ns - last_ns_);
    }
    sequence_ = sequence;
    last_ns_ = at_ns;
    offsets_.push_back(at_ns - blocks_ * block_ns_);
  }

  // How much later than the earliest each packet came, beside the even beat.
  void append_lateness(std::vector<int64_t>& all) const {
    if (offsets_.empty()) return;
    const int64_t earliest = *std::min_element(offsets_.begin(), offsets_.end());
    for (const int64_t offset : offsets_) all.push_back(offset - earliest);
  }
  int64_t lost() const { return lost_; }
  int64_t longest_gap_ns() const { return longest_gap_ns_; }
  size_t packets() const { return offsets_.size(); }

 private:
  int64_t block_ns_;
  std::vector<int64_t> offsets_;
  int64_t blocks_ = 0;
  int64_t lost_ = 0;
  int64_t longest_gap_ns_ = 0;
  int64_t last_ns_ = 0;
  uint8_t sequence_ = 0;
};

}  // namespace plugjam::load
