// See depth_estimator.h.
#include "net/depth_estimator.h"

#include <cmath>

namespace plugjam {

namespace {

constexpr int kStartDepth = 6;
constexpr double kHysteresis = 0.1;
constexpr int kNone = 0;

}  // namespace

void FailureMeter::reset(int events) {
  bits_.fill(0);
  events_ = events;
  count_ = position_ = failures_ = 0;
  failing_ = true;
}

void FailureMeter::add(bool failed) {
  if (failed && failing_) return;
  failing_ = failed;
  uint64_t& word = bits_[static_cast<size_t>(position_) / 64];
  const int shift = position_ % 64;
  const uint64_t oldest = word >> shift & 1;
  word ^= (oldest ^ uint64_t{failed}) << shift;
  failures_ += static_cast<int>(failed) - static_cast<int>(oldest);
  if (++position_ == events_) position_ = 0;
  if (count_ < events_) ++count_;
}

const DepthEstimator::Constants DepthEstimator::kLargeBlocks = {
    11000, 0.0005, 0.01, {0.999995, 0.9999}, {0.9995, 0.999}};
const DepthEstimator::Constants DepthEstimator::kSmallBlocks = {
    22500, 0.00025, 0.005, {0.9999975, 0.99994999875}, {0.9997499687422, 0.999499875}};

void DepthEstimator::configure(const AudioFormat& format) {
  constants_ = format.block_frames == 128 ? &kLargeBlocks : &kSmallBlocks;
  sequenced_ = format.sequenced;
  for (int i = 0; i < kSimulations; ++i) {
    simulations_[i].window.reset(kMinDepth + i);
    simulations_[i].fifo.reset(kMinDepth + i);
    simulations_[i].meter.reset(constants_->events);
  }
  filtered_ = depth_ = kStartDepth;
  starting_ = constants_->events / 4;
}

void DepthEstimator::put(const AudioPacket& packet) {
  const int blocks = packet.block_count();
  for (Simulation& simulation : simulations_) {
    bool stored = true;
    if (sequenced_) {
      for (int i = 0; i < blocks; ++i) simulation.window.put(packet.sequence(i));
    } else {
      stored = simulation.fifo.put(blocks).stored;
    }
    simulation.meter.add(!stored);
  }
}

void DepthEstimator::get() {
  for (Simulation& simulation : simulations_) {
    const bool held = sequenced_ ? simulation.window.get() : simulation.fifo.get();
    simulation.meter.add(!held);
  }
  update();
}

// kNone if not even the second largest will do; the largest is not asked.
int DepthEstimator::smallest_depth_within(double bound) const {
  for (int depth = kMinDepth; depth < kMaxAutoDepth; ++depth) {
    if (failure_rate(depth) <= bound) return depth;
  }
  return kNone;
}

void DepthEstimator::update() {
  int wanted = smallest_depth_within(constants_->bound);
  if (wanted == kNone) wanted = kMaxAutoDepth;
  int least = smallest_depth_within(constants_->upper_bound);
  if (least == kNone) {
    least = kMaxAutoDepth;
    starting_ = constants_->events / 4;
  }

  bool fast = starting_ > 0;
  if (fast) --starting_;
  if (depth_ < least) fast = true;

  const Weights& weights = fast ? constants_->fast : constants_->normal;
  const double weight = wanted < filtered_ ? weights.down : weights.up;
  filtered_ = filtered_ * weight + (1.0 - weight) * wanted;

  // The dead zone lies around the start value, wherever the setting is by now: so it is in the field.
  const double leaned = filtered_ > kStartDepth ? filtered_ - kHysteresis : filtered_ + kHysteresis;
  depth_ = static_cast<int>(std::floor(leaned + 0.5));

  // Half way through the start, what the first moments of a connection left behind is forgotten.
  if (starting_ == constants_->events / 8 && failure_rate(kMaxAutoDepth) > constants_->bound) {
    for (Simulation& simulation : simulations_) simulation.meter.reset(constants_->events);
  }
}

}  // namespace plugjam
