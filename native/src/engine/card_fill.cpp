// See card_fill.h.
#include "engine/card_fill.h"

#include <algorithm>

#include "codec/audio_format.h"

namespace plugjam {
namespace {

constexpr int64_t kSecond = kSampleRate;
// The first look; what comes after is remembered for one to two of the longer ones.
constexpr int64_t kFirstWatch = 10 * kSecond;
constexpr int64_t kWatch = 60 * kSecond;
// A card that ran dry with less stays full for so long, and each further time for twice as long.
constexpr int64_t kPenalty = 600 * kSecond;
constexpr int64_t kMostPenalty = 24 * 3600 * kSecond;
// Kept beyond half as much again as the latest wake-up took: a third of a millisecond.
constexpr int kMarginFrames = 16;

}  // namespace

void CardFill::use_card(int headroom_frames) {
  *this = CardFill();
  full_ = std::max(0, headroom_frames);
  penalty_frames_ = kPenalty;
  forget();
}

void CardFill::stumbled() {
  if (taken_ > 0) {
    wait_frames_ = penalty_frames_;
    penalty_frames_ = std::min(2 * penalty_frames_, kMostPenalty);
  }
  taken_ = owed_ = 0;
  forget();
}

void CardFill::forget() {
  newest_ = before_ = kUnknown;
  watched_frames_ = 0;
  watch_frames_ = kFirstWatch;
}

// How much may be missing of a full card that was once left with no more than `least`.
int CardFill::allowance(int least) const {
  const int latest = full_ - least;
  return std::clamp(least - latest / 2 - kMarginFrames, 0, full_);
}

int CardFill::next(int frames, int spacing_frames) {
  since_taken_ += frames;
  wait_frames_ = std::max<int64_t>(0, wait_frames_ - frames);
  watched_frames_ += frames;
  if (watched_frames_ >= watch_frames_) {
    before_ = newest_;
    newest_ = kUnknown;
    watched_frames_ = 0;
    watch_frames_ = kWatch;
  }
  if (before_ == kUnknown) return frames;
  const int least = std::min(before_, newest_);
  const int allowed = allowance(least);
  // What is there beyond the latest wake-up still does, unless half of it is used up.
  if (taken_ > allowed && least - taken_ < kMarginFrames / 2) owed_ = taken_ - allowed;
  if (owed_ > 0) {
    const int more = std::min(owed_, kMostMore);
    owed_ -= more;
    taken_ -= more;
    return frames + more;
  }
  const bool unheard = spacing_frames > 0 && since_taken_ >= spacing_frames;
  if (taken_ >= allowed || wait_frames_ > 0 || !unheard) return frames;
  ++taken_;
  since_taken_ = 0;
  return frames - 1;
}

void CardFill::wrote(int left_frames) { newest_ = std::min(newest_, left_frames + taken_); }

}  // namespace plugjam
