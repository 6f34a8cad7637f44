// See playback_rate.h.
#include "clock/playback_rate.h"

#include <cmath>
#include <numeric>

#include "clock/resampler.h"

namespace plugjam {
namespace {

// An eighth of a millisecond more is not worth a change. Less is: packets may come in a few fixed places, and
// then a little less can be too little for every third of them.
constexpr double kSlackFrames = 6;
// Both clocks are estimates, and a block that is needed at the very moment at which it comes is late every
// other time.
constexpr double kMarginFrames = 4;
// Nearer than this to its parking place, the rest is done in one period.
constexpr double kNearFrames = 0.04;

}  // namespace

void PlaybackRate::reset() {
  correction_.reset();
  active_ = follows_ = targeted_ = false;
}

// Up at once, down only when it is worth it.
void PlaybackRate::choose_target(double wanted_frames) {
  if (targeted_ && wanted_frames <= target_ && wanted_frames >= target_ - kSlackFrames) return;
  target_ = wanted_frames;
  targeted_ = true;
}

// At a wake-up the card wants a period at once, and the resampler 16 frames more. How much earlier than its
// first frame is played a block is needed, depends on where the wake-ups fall in it: anywhere, one after the
// other, if clocks differ; if they do not, always in the same places, and then in the best ones: on a grid.
double PlaybackRate::step(const ClockTracker& clock, const PlaybackPlace& place, double wanted_frames,
                          int period_frames, int block_frames) {
  choose_target(wanted_frames);
  const int grid = std::gcd(period_frames, block_frames);
  const double lag = clock.server_frame() - static_cast<double>(place.frame) - place.fraction;
  follows_ = follows_ ? !clock.agrees() : clock.differs();
  const bool steady = clock.steady();
  if (!active_) {
    hold_ = lag - kMarginFrames - (period_frames - grid);
    const double excess = hold_ - target_;
    const bool worth_it = excess < -kShortFrames || excess > grid + Resampler::kLookahead + kSlackFrames;
    active_ = follows_ || (steady && worth_it);
    if (!active_) return 1.0;
  }
  // Until it is known that they agree, they may be apart: parked, a card that is fast would forever be a few
  // frames past the grid, and every block late.
  const bool parks = !follows_ && clock.agrees();
  hold_ = lag - kMarginFrames - period_frames - Resampler::kLookahead + (parks ? grid : 0);
  if (!steady) return parks ? 1.0 : clock.ratio();
  const double excess = hold_ - target_;
  return parks ? park(place, excess, period_frames, grid)
               : clock.likely_ratio() * (1.0 + correction_.settle(excess, period_frames));
}

// To the shortest delay that will do, on a frame: there the resampler has nothing to do.
double PlaybackRate::park(const PlaybackPlace& place, double excess, int period_frames, int grid) {
  const int64_t past = (place.frame + period_frames + Resampler::kLookahead) % grid;
  const double off = static_cast<double>(past) + place.fraction;
  if (off == 0.0 && excess > -kShortFrames && excess < grid + kSlackFrames) {
    correction_.reset();
    return 1.0;
  }
  const double way = grid * std::floor((excess + off) / grid) - off;
  if (std::fabs(way) < kNearFrames) return 1.0 + way / period_frames;
  return 1.0 + correction_.settle(way, period_frames);
}

}  // namespace plugjam
