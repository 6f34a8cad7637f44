// How often something may happen: so many a second, and a few at once after a quiet time.
#pragma once

#include <algorithm>
#include <cstdint>

namespace plugjam {

class Allowance {
 public:
  Allowance(int per_second, int at_once)
      : interval_ns_(1'000'000'000 / per_second), most_ns_(interval_ns_ * at_once), saved_ns_(most_ns_) {}

  // True: it may, and one is used up.
  bool take(int64_t now_ns) {
    saved_ns_ = std::min(most_ns_, saved_ns_ + std::max<int64_t>(0, now_ns - last_ns_));
    last_ns_ = now_ns;
    if (saved_ns_ < interval_ns_) return false;
    saved_ns_ -= interval_ns_;
    return true;
  }

 private:
  int64_t interval_ns_;
  int64_t most_ns_;
  int64_t saved_ns_;
  int64_t last_ns_ = 0;
};

}  // namespace plugjam
