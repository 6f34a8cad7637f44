// The card's crystal: converts time to frames and back, exactly, at a rate that may be off by some ppm.
#pragma once

#include <cmath>
#include <cstdint>

namespace plugjam::virtual_card {

// Integer arithmetic throughout, so that a day of frames is as exact as the first second.
class CardClock {
 public:
  // rate_hz is the nominal rate; ppm its error (positive: fast), kept to a thousandth of a ppm.
  CardClock(uint32_t rate_hz, double ppm)
      : nanohertz_(static_cast<uint64_t>(rate_hz) *
                   static_cast<uint64_t>(kGiga + static_cast<int64_t>(std::llround(ppm * 1000)))) {}

  // Frames that have passed after elapsed_ns since the epoch: frame n begins at time_of(n).
  uint64_t frame_at(uint64_t elapsed_ns) const {
    return static_cast<uint64_t>(static_cast<Wide>(elapsed_ns) * nanohertz_ / kGigaSquared);
  }

  // The first nanosecond since the epoch at which frame_at() has reached this frame.
  uint64_t time_of(uint64_t frame) const {
    return static_cast<uint64_t>((static_cast<Wide>(frame) * kGigaSquared + nanohertz_ - 1) / nanohertz_);
  }

 private:
  __extension__ using Wide = unsigned __int128;
  static constexpr int64_t kGiga = 1'000'000'000;
  static constexpr uint64_t kGigaSquared = static_cast<uint64_t>(kGiga) * kGiga;

  uint64_t nanohertz_;
};

}  // namespace plugjam::virtual_card
