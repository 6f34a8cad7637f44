// Speaks to the musician: lays one prompt after the other over what the card plays, and the music gives way.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "dsp/fade.h"
#include "engine/prompt_set.h"

namespace plugjam {

class PromptPlayer {
 public:
  // Topics are numbers below this.
  static constexpr int kTopics = 16;

  // The set is the caller's, and must stay. Null: none.
  void use(const PromptSet* prompts) { prompts_ = prompts; }
  // After what is being spoken and what waits. One that waits and is about the same topic is stale now, and
  // dropped; so the queue, one to a topic, is never full. What there is no prompt for is not said.
  void say(int index, int topic);
  // Adds `frames` frames to stereo float.
  void mix(float* stereo, int frames);

 private:
  static constexpr float kDucked = 0.25f;    // -12 dB
  static constexpr int kGlideFrames = 2400;  // 50 ms

  struct Waiting {
    std::span<const int16_t> prompt;
    int topic = 0;
  };

  void next();

  const PromptSet* prompts_ = nullptr;
  std::span<const int16_t> left_;  // of the prompt that is being spoken
  std::array<Waiting, kTopics> waiting_;
  int waiting_count_ = 0;
  Fade music_{1.0f};
};

}  // namespace plugjam
