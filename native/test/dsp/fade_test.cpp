// Gains glide, fifos carry frames between lengths, meters hold the peak.
#include "dsp/fade.h"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <vector>

#include "dsp/meter.h"

using namespace plugjam;

TEST_CASE("a fade reaches its target in the frames it was given, in even steps, on all channels") {
  Fade fade(0.0f);
  fade.glide(1.0f, 100);
  std::vector<float> samples(300, 1.0f);
  fade.apply(samples.data(), 60, 2);
  fade.apply(samples.data() + 120, 90, 2);
  for (size_t frame = 1; frame < 150; ++frame) {
    CHECK(samples[2 * frame] == samples[2 * frame + 1]);
    const float step = samples[2 * frame] - samples[2 * frame - 2];
    CHECK(step == doctest::Approx(frame < 100 ? 0.01 : 0.0).epsilon(0.01));
  }
  CHECK(samples[2 * 99] == 1.0f);
}

TEST_CASE("a fade that rests at one leaves every bit alone") {
  Fade fade(1.0f);
  std::array<float, 4> samples{0.1f, -0.7f, 1.5f, 0.0f};
  const auto before = samples;
  fade.apply(samples.data(), 2, 2);
  CHECK(samples == before);
}

TEST_CASE("a meter rises at once and falls 6 dB in a quarter of a second, whatever the period") {
  for (const int period : {32, 64, 1000}) {
    Meter meter;
    std::vector<float> samples(2000, 0.0f);
    samples[2] = -0.5f;
    samples[1] = 1.0f;  // the other channel
    meter.measure(samples.data(), period, 2);
    CHECK(meter.level() == 0.5f);
    samples[2] = 0.0f;
    for (int frames = 0; frames < 12000; frames += period) meter.measure(samples.data(), period, 2);
    CHECK(meter.level() == doctest::Approx(0.25).epsilon(0.05));
  }
}
