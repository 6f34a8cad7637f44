// See depth_target.h.
#include "net/depth_target.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace plugjam {
namespace {

// Floats stay exact enough up to here.
constexpr double kHeaviest = 1e6;
constexpr int64_t kSpanNs = 100'000'000;
// Shorter by less than this is jitter, and fades soon enough.
constexpr int64_t kShorterNs = 1'000'000;

int64_t bin_of(int64_t lateness_ns) {
  const int64_t bin = lateness_ns / DepthTarget::kBinNs;
  return lateness_ns < 0 && bin * DepthTarget::kBinNs != lateness_ns ? bin - 1 : bin;
}

}  // namespace

void DepthTarget::configure(int64_t packet_ns, double tolerated, double memory_seconds) {
  *this = DepthTarget{};
  tolerated_ = tolerated;
  growth_ = std::exp(static_cast<double>(packet_ns) / (memory_seconds * 1e9));
  span_packets_ = static_cast<int>(std::max<int64_t>(1, kSpanNs / packet_ns));
}

void DepthTarget::add(int64_t lateness_ns) {
  const int64_t absolute = bin_of(lateness_ns);
  if (!any()) begin(absolute);
  watch(lateness_ns);
  if (absolute - first_bin_ >= kBins) raise_range(absolute - first_bin_ - kBins + 1);
  const int bin = static_cast<int>(std::max<int64_t>(0, absolute - first_bin_));
  weight(bin) += static_cast<float>(next_weight_);
  total_ += next_weight_;
  if (bin > mark_) beyond_ += next_weight_;
  next_weight_ *= growth_;
  if (next_weight_ > kHeaviest) rescale();
  settle();
}

// In the middle, with room on both sides; and as if one packet had come later, until there is reason to think
// better.
void DepthTarget::begin(int64_t absolute) {
  first_bin_ = absolute - kBins / 2;
  mark_ = kBins / 2 + kFirstDepthNs / kBinNs;
  weight(mark_) = 1;
  total_ = 1;
}

// Bins at the early end become free at the late end; what was in them moves to the one that is earliest then.
void DepthTarget::raise_range(int64_t bins) {
  first_bin_ += bins;
  const int freed = static_cast<int>(std::min<int64_t>(bins, kBins));
  float moved = 0;
  for (int bin = 0; bin < freed; ++bin) moved += std::exchange(weight(bin), 0.0f);
  head_ = (head_ + freed) % kBins;
  weight(0) += moved;
  mark_ = std::max(0, mark_ - freed);
}

// When even the latest of two spans came before the earliest of another shortly before, the route has become
// shorter: all that is known holds for the new one as well, so much earlier. The span between may have some
// of both.
void DepthTarget::watch(int64_t lateness_ns) {
  Span& newest = spans_[0];
  newest.least = std::min(newest.least, lateness_ns);
  newest.most = std::max(newest.most, lateness_ns);
  if (++watched_ < span_packets_) return;
  watched_ = 0;
  const auto& [one, two, between, before] = spans_;
  if (before.least != kNoSpan.least && std::max(one.most, two.most) + kShorterNs < before.least) {
    first_bin_ -= (before.least - std::min(one.least, two.least)) / kBinNs;
    spans_.fill(kNoSpan);
    return;
  }
  // Two such changes in a row, and the second goes unnoticed among spans of which too little is known. What
  // comes before all that can be counted would be held for too long for good.
  if (bin_of(newest.most) < first_bin_) {
    weights_.fill(0);
    beyond_ = 0;
    next_weight_ = 1;
    begin(bin_of(newest.least));
    spans_.fill(kNoSpan);
    return;
  }
  std::copy_backward(spans_.begin(), spans_.end() - 1, spans_.end());
  spans_[0] = kNoSpan;
}

void DepthTarget::rescale() {
  const auto factor = static_cast<float>(1.0 / next_weight_);
  total_ = beyond_ = 0;
  for (int bin = 0; bin < kBins; ++bin) {
    const float rest = weight(bin) *= factor;
    total_ += rest;
    if (bin > mark_) beyond_ += rest;
  }
  next_weight_ = 1;
}

void DepthTarget::settle() {
  const double tolerated = tolerated_ * total_;
  while (beyond_ > tolerated && mark_ < kBins - 1) beyond_ -= weight(++mark_);
  while (mark_ > 0 && beyond_ + weight(mark_) <= tolerated) beyond_ += weight(mark_--);
  if (beyond_ < 0) beyond_ = 0;
}

}  // namespace plugjam
