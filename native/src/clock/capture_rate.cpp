// See capture_rate.h.
#include "clock/capture_rate.h"

namespace plugjam {

void CaptureRate::reset() {
  correction_.reset();
  active_ = anchored_ = false;
}

double CaptureRate::step(const ClockTracker& clock, double ahead_frames, int period_frames) {
  if (!active_) active_ = clock.differs();
  if (!active_) return 1.0;
  const double step = 1.0 / clock.ratio();
  if (!clock.steady()) return step;
  const double place = static_cast<double>(sent_) + ahead_frames * clock.ratio() - clock.server_frame();
  if (!anchored_) {
    anchored_ = true;
    anchor_ = place;
  }
  return step * (1.0 + correction_.settle(place - anchor_, period_frames));
}

}  // namespace plugjam
