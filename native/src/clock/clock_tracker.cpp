// See clock_tracker.h.
#include "clock/clock_tracker.h"

#include <algorithm>
#include <cmath>

namespace plugjam {
namespace {

// A block in 22 minutes.
constexpr double kSamePpm = 1.0;
constexpr double kSigmas = 3;

}  // namespace

void ClockTracker::use_card(bool is_card) {
  is_card_ = is_card;
  card_.forget();
}

void ClockTracker::wake(int frames, int64_t at_ns) {
  card_frame_ += frames;
  woken_at_ns_ = at_ns;
  if (is_card_) card_.add(card_frame_, at_ns);
}

double ClockTracker::doubt_ppm() const { return std::hypot(card_.doubt_ppm(), server_.doubt_ppm()); }

bool ClockTracker::differs() const {
  return ratio_known() && std::fabs(drift_ppm()) > std::max(kSamePpm, kSigmas * doubt_ppm());
}

bool ClockTracker::agrees() const {
  return !is_card_ || (drift_known() && std::fabs(drift_ppm()) < kSamePpm / 2);
}

// What counts is when the card wakes us by now at the earliest: a block must have come by then.
double ClockTracker::woken_ns() const {
  return is_card_ && card_.begun() ? card_.earliest_of(static_cast<double>(card_frame_))
                                   : static_cast<double>(woken_at_ns_);
}

}  // namespace plugjam
