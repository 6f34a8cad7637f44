// See clock_line.h.
#include "clock/clock_line.h"

#include <algorithm>
#include <cmath>

namespace plugjam {
namespace {

constexpr double kFrameNs = 1e9 / kSampleRate;
// Of so much time the earliest event counts.
constexpr int64_t kSpanFrames = kSampleRate / 4;
// Longer without an event, and the line is no longer to be relied on.
constexpr int64_t kLongestGapFrames = 10 * kSampleRate;
// A crystal in a room changes by 0.1 ppm in a minute or so.
constexpr double kRateWanderPpm = 0.012;  // in a second; with the root of time
constexpr double kAnyOffsetNs = 1e9;
// Of an earliest event, while nothing else is known.
constexpr double kUsualNoiseNs = 50'000;
constexpr double kLeastNoiseNs = 2'000;
constexpr double kNoiseMemory = 1.0 / 16;  // of the noise, in points
// So far from the line is no jitter.
constexpr double kStraySigmas = 6;
constexpr double kLeastStrayNs = 150'000;
constexpr int kStraysForNewRoute = 4;

double square(double x) { return x * x; }

}  // namespace

void ClockLine::forget() {
  begun_ = false;
  doubt_all();
}

void ClockLine::add(int64_t frame, int64_t at_ns) {
  if (begun_ && frame - frame_ > kLongestGapFrames) begun_ = false;
  if (!begun_) {
    begun_ = true;
    frame_ = frame;
    at_ns_ = at_ns;
    offset_ns_ = moved_ns_ = covariance_ = 0;
    offset_variance_ = square(kAnyOffsetNs);
    points_ = events_ = strays_ = 0;
    moving_ = false;
  }
  const double off_ns = static_cast<double>(at_ns - at_ns_) - offset_ns_ -
                        static_cast<double>(frame - frame_) * kFrameNs * pace();
  earliest_ns_ = events_++ == 0 ? off_ns : std::min(earliest_ns_, off_ns);
  if (frame - frame_ >= kSpanFrames) close_span(frame);
}

void ClockLine::close_span(int64_t frame) {
  const int64_t passed_ns = std::llround(static_cast<double>(frame - frame_) * kFrameNs);
  frame_ = frame;
  at_ns_ += passed_ns;
  advance(static_cast<double>(passed_ns));
  const double off_ns = earliest_ns_;
  events_ = 0;

  const double far_ns = std::max(kLeastStrayNs, kStraySigmas * std::sqrt(noise_variance_ + offset_variance_));
  if (points_ < kSteadyPoints || std::fabs(off_ns) <= far_ns) {
    strays_ = 0;
    moving_ = false;
    correct(off_ns);
    return;
  }
  const bool same_side = strays_ > 0 && (off_ns < 0) == (stray_ns_ < 0);
  stray_ns_ = same_side && std::fabs(stray_ns_) < std::fabs(off_ns) ? stray_ns_ : off_ns;
  strays_ = same_side ? strays_ + 1 : 1;
  if (strays_ < kStraysForNewRoute) return;
  offset_ns_ += stray_ns_;
  moved_ns_ += stray_ns_;
  offset_variance_ += noise_variance_;
  strays_ = 0;
  // Moved already, and not one point came to lie on it: not the way is another, the rate is wrong. So it is
  // after a stall in the first moments.
  if (moving_) doubt_all();
  moving_ = !moving_;
}

void ClockLine::doubt_all() {
  rate_ = covariance_ = 0;
  rate_variance_ = square(usual_ppm_ * 1e-6);
  offset_variance_ = square(kAnyOffsetNs);
  noise_variance_ = square(kUsualNoiseNs);
  points_ = 0;
  learnt_ns_ = 0;
}

void ClockLine::advance(double ns) {
  learnt_ns_ += ns;
  offset_ns_ += rate_ * ns;
  offset_variance_ += 2 * covariance_ * ns + rate_variance_ * ns * ns;
  covariance_ += rate_variance_ * ns;
  rate_variance_ += square(kRateWanderPpm * 1e-6) * ns * 1e-9;
}

// A Kalman filter's step.
void ClockLine::correct(double off_ns) {
  ++points_;
  const double total = offset_variance_ + noise_variance_;
  const double offset_gain = offset_variance_ / total;
  const double rate_gain = covariance_ / total;
  // What cannot be the line's own doubt is noise of the events.
  if (points_ > 2) {
    const double noise = std::clamp(square(off_ns) - offset_variance_, 0.0, 9 * noise_variance_);
    noise_variance_ += (noise - noise_variance_) * kNoiseMemory;
    noise_variance_ = std::max(noise_variance_, square(kLeastNoiseNs));
  }
  offset_ns_ += offset_gain * off_ns;
  // Where the line really lies, turns out in the beginning; time does not jump for that either.
  if (points_ <= kSteadyPoints) moved_ns_ += offset_gain * off_ns;
  rate_ += rate_gain * off_ns;
  rate_variance_ -= rate_gain * covariance_;
  covariance_ -= offset_gain * covariance_;
  offset_variance_ -= offset_gain * offset_variance_;
}

double ClockLine::time_of(double frame) const {
  return static_cast<double>(at_ns_) + offset_ns_ - moved_ns_ +
         (frame - static_cast<double>(frame_)) * kFrameNs * pace();
}

double ClockLine::earliest_of(double frame) const {
  const bool uncertain = points_ < kSteadyPoints && events_ > 0;
  return time_of(frame) + moved_ns_ + (uncertain ? std::min(earliest_ns_, 0.0) : 0.0);
}

double ClockLine::frame_at(double ns) const {
  return static_cast<double>(frame_) +
         (ns - static_cast<double>(at_ns_) - offset_ns_ + moved_ns_) / (kFrameNs * pace());
}

// What moves for seconds is no noise that more points would take out, only more time does.
double ClockLine::doubt_ppm() const {
  const double by_slack = learnt_ns_ > 0 ? slack_ns_ / learnt_ns_ : 0;
  return std::hypot(std::sqrt(rate_variance_), by_slack) * 1e6;
}

}  // namespace plugjam
