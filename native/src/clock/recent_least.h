// The least of the last few values, at least 8 and at most 16 of them.
#pragma once

#include <algorithm>
#include <limits>

namespace plugjam {

class RecentLeast {
 public:
  void forget() { *this = RecentLeast(); }
  void add(double value) {
    newest_ = std::min(newest_, value);
    if (++count_ % kGroup != 0) return;
    before_ = newest_;
    newest_ = std::numeric_limits<double>::infinity();
  }
  // Minus infinity while there are too few.
  double value() const { return std::min(before_, newest_); }

 private:
  static constexpr unsigned kGroup = 8;

  double newest_ = std::numeric_limits<double>::infinity();
  double before_ = -std::numeric_limits<double>::infinity();
  unsigned count_ = 0;
};

}  // namespace plugjam
