// See prompt_player.h.
#include "engine/prompt_player.h"

#include <algorithm>

#include "codec/samples.h"

namespace plugjam {

void PromptPlayer::say(int index, int topic) {
  if (prompts_ == nullptr || index < 0 || index >= prompts_->count() || topic < 0 || topic >= kTopics) return;
  const std::span<const int16_t> prompt = prompts_->prompt(index);
  if (prompt.empty()) return;
  const auto end = waiting_.begin() + waiting_count_;
  const auto kept =
      std::remove_if(waiting_.begin(), end, [&](const Waiting& one) { return one.topic == topic; });
  *kept = {prompt, topic};
  waiting_count_ = static_cast<int>(kept - waiting_.begin()) + 1;
  if (left_.empty()) {
    music_.glide(kDucked, kGlideFrames);
    next();
  }
}

void PromptPlayer::mix(float* stereo, int frames) {
  music_.apply(stereo, frames, 2);
  while (frames > 0 && !left_.empty()) {
    const int spoken = std::min(frames, static_cast<int>(left_.size()));
    for (int i = 0; i < spoken; ++i) {
      const float sample = from_int16(left_[static_cast<size_t>(i)]);
      stereo[2 * i] += sample;
      stereo[2 * i + 1] += sample;
    }
    left_ = left_.subspan(static_cast<size_t>(spoken));
    stereo += 2 * spoken;
    frames -= spoken;
    if (left_.empty()) next();
  }
}

// The one that has waited longest; none: the music comes back.
void PromptPlayer::next() {
  if (waiting_count_ == 0) return music_.glide(1.0f, kGlideFrames);
  left_ = waiting_[0].prompt;
  std::copy(waiting_.begin() + 1, waiting_.begin() + waiting_count_, waiting_.begin());
  --waiting_count_;
}

}  // namespace plugjam
