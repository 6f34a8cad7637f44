// Every card format, there and back: exact within its own step, clipped at full scale, channels where they
// belong.
#include "pcm/sample_format.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "pcm/timer_pcm.h"
#include "rt/time.h"

using namespace plugjam;

namespace {

// One sample, by way of a mono card.
float read_sample(snd_pcm_format_t format, const uint8_t* sample) {
  float stereo[2];
  read_frames(format, 1, sample, stereo, 1);
  return stereo[0];
}

void write_sample(snd_pcm_format_t format, float value, uint8_t* sample) {
  const float stereo[2] = {value, value};
  write_frames(format, 1, stereo, sample, 1);
}

double step_of(snd_pcm_format_t format) {
  switch (format) {
    case SND_PCM_FORMAT_S16_LE:
      return 1.0 / 32768;
    case SND_PCM_FORMAT_S24_LE:
    case SND_PCM_FORMAT_S24_3LE:
      return 1.0 / 8388608;
    default:
      return 1.0 / 16777216;  // a float's own
  }
}

}  // namespace

TEST_CASE("a sample survives each format within half a step") {
  for (const snd_pcm_format_t format : kSampleFormats) {
    CAPTURE(snd_pcm_format_name(format));
    uint8_t bytes[4] = {};
    for (int i = -1000; i < 1000; ++i) {
      const float value = static_cast<float>(i) / 1000.0f;
      write_sample(format, value, bytes);
      CHECK(std::fabs(read_sample(format, bytes) - value) <= 0.5 * step_of(format) + 1e-9);
    }
  }
}

TEST_CASE("full scale and beyond is clipped, never wrapped; what is no number is silence") {
  for (const snd_pcm_format_t format : kSampleFormats) {
    CAPTURE(snd_pcm_format_name(format));
    uint8_t bytes[4] = {};
    for (const float value : {1.0f, 1.5f, 100.0f, std::numeric_limits<float>::infinity()}) {
      write_sample(format, value, bytes);
      CHECK(read_sample(format, bytes) > 0.9999);
      write_sample(format, -value, bytes);
      CHECK(read_sample(format, bytes) == -1.0f);
    }
  }
  uint8_t bytes[4];
  const float nan = std::numeric_limits<float>::quiet_NaN();
  std::memcpy(bytes, &nan, 4);
  CHECK(read_sample(SND_PCM_FORMAT_FLOAT_LE, bytes) == 0.0f);
}

TEST_CASE("24-bit samples in 32-bit words ignore the padding byte") {
  const uint8_t negative[4] = {0x00, 0x00, 0xC0, 0x12};
  CHECK(read_sample(SND_PCM_FORMAT_S24_LE, negative) == -0.5f);
}

TEST_CASE(
    "a mono card is heard on both sides and plays the mean; a wide card keeps its other channels silent") {
  const float stereo[4] = {0.5f, -0.25f, 1.0f, 0.5f};
  for (const snd_pcm_format_t format : kSampleFormats) {
    std::vector<uint8_t> card(2 * 8 * 4, 0xEE);
    std::vector<float> back(4);
    write_frames(format, 1, stereo, card.data(), 2);
    read_frames(format, 1, card.data(), back.data(), 2);
    CHECK(back[0] == doctest::Approx(0.125));
    CHECK(back[0] == back[1]);
    CHECK(back[2] == doctest::Approx(0.75));

    write_frames(format, 8, stereo, card.data(), 2);
    read_frames(format, 8, card.data(), back.data(), 2);
    for (int i = 0; i < 4; ++i)
      CHECK(back[static_cast<size_t>(i)] == doctest::Approx(stereo[i]).epsilon(0.0001));
    const auto bytes = static_cast<size_t>(snd_pcm_format_physical_width(format) / 8);
    for (size_t i = 2 * bytes; i < 8 * bytes; ++i) CHECK(card[i] == 0);
  }
}

TEST_CASE("the timer gives a period per period, and starts anew after a long stall") {
  TimerPcm timer(64);
  REQUIRE(timer.start());
  const int64_t begin_ns = monotonic_ns();
  for (int i = 0; i < 75; ++i) CHECK(timer.wait() == PcmWait::kReady);
  CHECK(monotonic_ns() - begin_ns >= 75 * 64 * 1'000'000'000LL / 48000 - 1'500'000);

  const timespec stall{0, 200'000'000};
  nanosleep(&stall, nullptr);
  const int64_t after_ns = monotonic_ns();
  for (int i = 0; i < 75; ++i) timer.wait();
  // Caught up, it would have run through at once.
  CHECK(monotonic_ns() - after_ns >= 74 * 64 * 1'000'000'000LL / 48000 - 1'500'000);
}
