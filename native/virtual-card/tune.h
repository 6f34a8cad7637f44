// A small tune for demonstrations: bells over a plucked accompaniment and a bass, eight bars, looped.
#pragma once

#include <vector>

#include "source.h"

namespace plugjam::virtual_card {

// Rendered once, when constructed, into a stereo loop of 24 seconds: the tails of the last notes ring on into
// the first bar, so the loop has no seam. Even channels hear the left side, odd channels the right.
class TuneSource : public Source {
 public:
  explicit TuneSource(uint32_t rate_hz);
  void render(uint64_t first_frame, size_t frames, uint32_t channels, float* out) const override;

  uint64_t loop_frames() const { return loop_.size() / 2; }

 private:
  std::vector<int16_t> loop_;  // interleaved stereo; 16 bits, to stay small in memory
};

}  // namespace plugjam::virtual_card
