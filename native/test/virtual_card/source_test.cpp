// A source is a function of the absolute frame: the same however it is asked, and right where it says.
#include "../../virtual-card/source.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>
#include <vector>

#include "../../virtual-card/tune.h"

using namespace plugjam::virtual_card;

namespace {

std::vector<float> render(const Source& source, uint64_t first, size_t frames, uint32_t channels) {
  std::vector<float> samples(frames * channels, 99.0f);
  source.render(first, frames, channels, samples.data());
  return samples;
}

void check_independent_of_cuts(const Source& source, uint64_t first) {
  const std::vector<float> whole = render(source, first, 1000, 3);
  std::vector<float> pieces;
  for (size_t at = 0, cut = 1; at < 1000; at += cut, cut = cut * 2 % 97 + 1) {
    const std::vector<float> piece = render(source, first + at, std::min<size_t>(cut, 1000 - at), 3);
    pieces.insert(pieces.end(), piece.begin(), piece.end());
  }
  CHECK(pieces == whole);
}

}  // namespace

TEST_CASE("sources: the same frame sounds the same, however it is asked for") {
  const SineSource sine({440, 1000.5, 0}, 0.25, 48000);
  const ImpulseSource impulses(37, 5);
  const TuneSource tune(48000);
  for (const uint64_t first : {uint64_t{0}, uint64_t{123456}, uint64_t{48000} * 3600 * 24 * 30}) {
    check_independent_of_cuts(sine, first);
    check_independent_of_cuts(impulses, first);
    check_independent_of_cuts(tune, first);
  }
  check_independent_of_cuts(tune, tune.loop_frames() - 500);
}

TEST_CASE("impulses: one frame each, exactly where the interval says") {
  const ImpulseSource impulses(4800, 100);
  for (const uint64_t first : {uint64_t{0}, uint64_t{101}, uint64_t{4800} * 1'000'000 + 99}) {
    const std::vector<float> samples = render(impulses, first, 10000, 2);
    for (size_t i = 0; i < 10000; ++i) {
      const float expected = (first + i) % 4800 == 100 ? ImpulseSource::kHeight : 0;
      REQUIRE(samples[2 * i] == expected);
      REQUIRE(samples[2 * i + 1] == expected);
    }
  }
}

TEST_CASE("sine: each channel has its frequency, the level and phase 0 at frame 0") {
  const SineSource sine({1000, 3000}, 0.5, 48000);
  const uint64_t first = 48000ull * 3600 * 24;  // a whole number of cycles
  const std::vector<float> samples = render(sine, first, 480, 2);
  for (size_t i = 0; i < 480; ++i) {
    const double angle = 2 * std::numbers::pi * static_cast<double>(i) / 48;
    REQUIRE(samples[2 * i] == doctest::Approx(0.5 * std::sin(angle)).epsilon(1e-5));
    REQUIRE(samples[2 * i + 1] == doctest::Approx(0.5 * std::sin(3 * angle)).epsilon(1e-5));
  }
}

TEST_CASE("tune: musical length, below -3 dBFS, no DC, no click, not even where it loops") {
  const TuneSource tune(48000);
  const size_t frames = tune.loop_frames();
  CHECK(frames == 24 * 48000);
  const std::vector<float> samples = render(tune, 0, frames + 1, 2);
  for (size_t channel = 0; channel < 2; ++channel) {
    double sum = 0, power = 0;
    float peak = 0, step = 0;
    for (size_t i = 0; i < frames; ++i) {
      const float sample = samples[2 * i + channel];
      sum += sample;
      power += sample * sample;
      peak = std::max(peak, std::abs(sample));
      step = std::max(step, std::abs(samples[2 * (i + 1) + channel] - sample));
    }
    CHECK(peak < 0.708f);
    CHECK(peak > 0.25f);
    CHECK(std::sqrt(power / static_cast<double>(frames)) > 0.03);
    CHECK(std::abs(sum / static_cast<double>(frames)) < 1e-4);
    // The steepest honest slope: a full-scale partial of 2 kHz moves by 0.26 a frame.
    CHECK(step < 0.15f);
  }
}

TEST_CASE("tune: it never falls silent for as long as a beat") {
  const TuneSource tune(44100);
  const std::vector<float> samples = render(tune, 0, tune.loop_frames(), 1);
  constexpr size_t kBeat = 33075;
  for (size_t at = 0; at + kBeat <= samples.size(); at += kBeat) {
    float loudest = 0;
    for (size_t i = at; i < at + kBeat; ++i) loudest = std::max(loudest, std::abs(samples[i]));
    CHECK(loudest > 0.05f);
  }
}
