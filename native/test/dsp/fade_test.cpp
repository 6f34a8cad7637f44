// Gains glide, fifos carry frames between lengths, meters hold the peak.
#include "dsp/fade.h"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <vector>

#include "dsp/frame_fifo.h"
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

TEST_CASE("a fifo turns periods into blocks and back without losing a frame") {
  for (const int in : {32, 48, 64, 100, 128, 256, 441}) {
    for (const int out : {64, 128}) {
      FrameFifo fifo(2048);
      float next_in = 0;
      float next_out = 0;
      for (int round = 0; round < 200; ++round) {
        float* place = fifo.write(in);
        REQUIRE(place != nullptr);
        for (int i = 0; i < in; ++i) place[2 * i] = place[2 * i + 1] = next_in++;
        while (const float* block = fifo.read(out)) {
          for (int i = 0; i < out; ++i) REQUIRE(block[2 * i] == next_out++);
        }
      }
      CHECK(next_in - next_out == static_cast<float>(fifo.frames()));
      CHECK(fifo.frames() < out);
    }
  }
}

TEST_CASE("a fifo says when it has no room or too little to give") {
  FrameFifo fifo(100);
  CHECK(fifo.read(1) == nullptr);
  CHECK(fifo.write(101) == nullptr);
  CHECK(fifo.write(100) != nullptr);
  CHECK(fifo.write(1) == nullptr);
  CHECK(fifo.read(0) != nullptr);
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
