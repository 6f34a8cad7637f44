// See clock_tracker.h.
#include "clock/clock_tracker.h"

namespace plugjam {

void ClockTracker::use_card(bool is_card) {
  is_card_ = is_card;
  card_.forget();
}

void ClockTracker::wake(int frames, int64_t at_ns) {
  card_frame_ += frames;
  woken_at_ns_ = at_ns;
  if (is_card_) card_.add(card_frame_, at_ns);
}

void ClockTracker::forget_server() { server_.forget(); }

// Until the card's line is good, its wake-up has to do.
double ClockTracker::woken_ns() const {
  return is_card_ && card_.steady() ? card_.time_of(static_cast<double>(card_frame_))
                                    : static_cast<double>(woken_at_ns_);
}

}  // namespace plugjam
