// Prompts: every sample of them, one after the other, over music that gives way.
#include "engine/prompt_player.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

using namespace plugjam;

namespace {

constexpr size_t kLength = 10'000;
constexpr size_t kGlide = 2400;

// Prompt i says kLength times (i + 1) / 32. The fourth is empty.
PromptSet three_prompts() {
  std::vector<int16_t> samples;
  for (int16_t i = 1; i <= 3; ++i) samples.insert(samples.end(), kLength, static_cast<int16_t>(1024 * i));
  return {samples, {kLength, 2 * kLength, 3 * kLength, 3 * kLength}};
}

constexpr float said(int prompt) { return static_cast<float>(prompt + 1) / 32.0f; }

// What is played over music that is 0.5 all the time, left and right.
std::vector<float> play(PromptPlayer& player, size_t frames, float music = 0.5f, int period = 64) {
  std::vector<float> all;
  while (all.size() < 2 * frames) {
    std::vector<float> stereo(static_cast<size_t>(period) * 2, music);
    player.mix(stereo.data(), period);
    all.insert(all.end(), stereo.begin(), stereo.end());
  }
  return all;
}

// The prompts that were said into silence, in order.
std::vector<int> order_of(const std::vector<float>& stereo) {
  std::vector<int> prompts;
  for (size_t frame = 0; frame < stereo.size() / 2; frame += kLength) {
    const float sample = stereo[2 * frame];
    if (sample == 0.0f) break;
    prompts.push_back(static_cast<int>(sample * 32.0f) - 1);
  }
  return prompts;
}

}  // namespace

TEST_CASE("a prompt is heard whole, left and right, whatever the period, and then no more") {
  const PromptSet prompts = three_prompts();
  for (const int period : {32, 64, 441, 1024}) {
    PromptPlayer player;
    player.use(&prompts);
    player.say(1, 0);
    const auto heard = play(player, kLength + 2000, 0.0f, period);
    for (size_t i = 0; i < heard.size(); ++i) REQUIRE(heard[i] == (i < 2 * kLength ? said(1) : 0.0f));
  }
}

TEST_CASE("music gives way by 12 dB within 50 ms, and comes back afterwards to the last bit") {
  const PromptSet prompts = three_prompts();
  PromptPlayer player;
  player.use(&prompts);
  CHECK(play(player, 64) == std::vector<float>(128, 0.5f));
  player.say(0, 0);
  const auto heard = play(player, 2 * kLength);
  const auto music = [&](size_t frame) { return heard[2 * frame] - (frame < kLength ? said(0) : 0.0f); };
  for (size_t frame = 1; frame < 2 * kLength; ++frame) {
    const float step = music(frame) - music(frame - 1);
    CHECK(std::abs(step) < 0.375f / kGlide + 0.0001f);  // nowhere a click
  }
  for (size_t frame = kGlide; frame < kLength; ++frame) REQUIRE(music(frame) == 0.125f);
  // The period in which it ended may already be done.
  for (size_t frame = kLength + kGlide + 64; frame < 2 * kLength; ++frame) REQUIRE(music(frame) == 0.5f);
}

TEST_CASE("prompts of different topics wait for each other, and the music stays low in between") {
  const PromptSet prompts = three_prompts();
  PromptPlayer player;
  player.use(&prompts);
  for (const int i : {2, 0, 1}) player.say(i, i);
  const auto heard = play(player, 4 * kLength, 0.0f);
  CHECK(order_of(heard) == std::vector<int>{2, 0, 1});
  for (const int i : {2, 0, 1}) player.say(i, i);
  const auto over_music = play(player, 3 * kLength);
  CHECK(over_music[2 * kLength] == 0.125f + said(0));
  CHECK(over_music[4 * kLength] == 0.125f + said(1));
}

TEST_CASE("what waits is dropped when there is newer to say about the same, what is being said is not") {
  const PromptSet prompts = three_prompts();
  PromptPlayer player;
  player.use(&prompts);
  player.say(0, 1);
  player.say(1, 1);
  player.say(1, 2);
  player.say(2, 1);
  CHECK(order_of(play(player, 5 * kLength, 0.0f)) == std::vector<int>{0, 1, 2});
}

TEST_CASE("each topic has its place") {
  const PromptSet prompts = three_prompts();
  PromptPlayer player;
  player.use(&prompts);
  player.say(0, 0);
  for (int round = 0; round < 100; ++round) player.say(1, round % PromptPlayer::kTopics);
  CHECK(order_of(play(player, 20 * kLength, 0.0f)).size() == 1 + PromptPlayer::kTopics);
}

TEST_CASE("what there is no prompt for leaves the music alone") {
  const PromptSet prompts = three_prompts();
  PromptPlayer player;
  player.say(0, 0);
  player.use(&prompts);
  player.say(3, 0);
  player.say(4, 0);
  player.say(-1, 0);
  player.say(0, PromptPlayer::kTopics);
  player.say(0, -1);
  CHECK(play(player, 1024) == std::vector<float>(2048, 0.5f));
}
