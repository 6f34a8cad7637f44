// The score of the tune, its three instruments, and the rendering of one into the other.
#include "tune.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <span>

namespace plugjam::virtual_card {
namespace {

constexpr int kBars = 8;
constexpr int kBeatsPerBar = 4;
constexpr double kSecondsPerBeat = 0.75;
constexpr double kPeak = 0.6;  // -4.4 dBFS
constexpr double kAttackSeconds = 0.004;
constexpr double kInaudible = 1e-4;  // a partial is over when it has decayed to this

struct Partial {
  double ratio;  // of the fundamental
  double amplitude;
  double seconds;  // to decay by 60 dB
};

constexpr std::array kBell = {Partial{1, 1, 3.0}, Partial{2.76, 0.35, 1.6}, Partial{5.4, 0.12, 0.7}};
constexpr std::array kPluck = {Partial{1, 1, 1.3}, Partial{2, 0.4, 0.9}, Partial{3, 0.18, 0.6},
                               Partial{4, 0.08, 0.4}};
constexpr std::array kBass = {Partial{1, 1, 2.4}, Partial{2, 0.3, 1.4}, Partial{3, 0.1, 0.8}};

struct Note {
  double beat;
  int key;  // MIDI: 69 is A at 440 Hz
  double loudness;
};

// D, B minor, G, A; D, F sharp minor, G, A: four keys each, low to high.
constexpr int kChords[kBars][4] = {{62, 66, 69, 74}, {59, 62, 66, 71}, {55, 62, 67, 71}, {57, 64, 69, 73},
                                   {62, 66, 69, 74}, {54, 61, 66, 69}, {55, 62, 67, 71}, {57, 64, 67, 73}};

constexpr int kPluckPattern[8] = {0, 2, 1, 3, 2, 3, 1, 2};

constexpr Note kMelody[] = {
    {0, 78, 1.0},  {1.5, 76, 0.7}, {2, 74, 0.8},    {3, 81, 0.9},    {4, 78, 1.0},  {6, 74, 0.7},
    {7, 73, 0.7},  {8, 71, 0.9},   {9.5, 74, 0.7},  {10, 79, 0.9},   {11, 78, 0.8}, {12, 76, 1.0},
    {14, 73, 0.7}, {15, 76, 0.6},  {16, 78, 1.0},   {17.5, 81, 0.8}, {18, 86, 1.0}, {19, 85, 0.8},
    {20, 81, 0.9}, {22, 78, 0.7},  {23, 76, 0.7},   {24, 74, 0.9},   {25, 76, 0.7}, {26, 79, 0.9},
    {27, 83, 0.8}, {28, 81, 1.0},  {29.5, 79, 0.7}, {30, 76, 0.8},   {31, 73, 0.6},
};

struct Loop {
  std::vector<float> samples;  // interleaved stereo
  uint32_t rate_hz;

  // Adds one note at its place; pan goes from 0, left, to 1, right. What is beyond the end comes round again.
  void add(const Note& note, std::span<const Partial> partials, double volume, double pan) {
    const uint64_t frames = samples.size() / 2;
    const auto first = static_cast<uint64_t>(note.beat * kSecondsPerBeat * rate_hz);
    const auto attack = static_cast<uint64_t>(kAttackSeconds * rate_hz);
    const double fundamental = 440 * std::exp2((note.key - 69) / 12.0);
    const auto left = static_cast<float>(std::cos(pan * std::numbers::pi / 2));
    const auto right = static_cast<float>(std::sin(pan * std::numbers::pi / 2));
    for (const Partial& partial : partials) {
      const double amplitude = note.loudness * volume * partial.amplitude;
      const double decay = std::log(1000.0) / (partial.seconds * rate_hz);
      const auto length = static_cast<uint64_t>(std::log(amplitude / kInaudible) / decay);
      const double turn = 2 * std::numbers::pi * fundamental * partial.ratio / rate_hz;
      // A decaying sine as a point that turns and falls inwards: each frame multiplies it by the same complex
      // number.
      const double step_x = std::exp(-decay) * std::cos(turn), step_y = std::exp(-decay) * std::sin(turn);
      double x = amplitude, y = 0;
      for (uint64_t i = 0; i < length; ++i) {
        const double swell = i < attack ? 0.5 - 0.5 * std::cos(std::numbers::pi * i / attack) : 1;
        const auto sample = static_cast<float>(y * swell);
        const uint64_t at = (first + i) % frames * 2;
        samples[at] += left * sample;
        samples[at + 1] += right * sample;
        const double turned_x = x * step_x - y * step_y;
        y = x * step_y + y * step_x;
        x = turned_x;
      }
    }
  }
};

}  // namespace

TuneSource::TuneSource(uint32_t rate_hz) {
  const auto frames = static_cast<uint64_t>(kBars * kBeatsPerBar * kSecondsPerBeat * rate_hz);
  Loop mix{std::vector<float>(frames * 2), rate_hz};
  for (const Note& note : kMelody) mix.add(note, kBell, 0.5, 0.4);
  for (int bar = 0; bar < kBars; ++bar) {
    const double beat = bar * kBeatsPerBar;
    for (int eighth = 0; eighth < 8; ++eighth) {
      const int key = kChords[bar][kPluckPattern[eighth]];
      mix.add({beat + eighth * 0.5, key, eighth % 4 == 0 ? 1.0 : 0.75}, kPluck, 0.3, 0.65);
    }
    mix.add({beat, kChords[bar][0] - 12, 1.0}, kBass, 0.5, 0.5);
    mix.add({beat + 2.5, kChords[bar][1] - 12, 0.7}, kBass, 0.5, 0.5);
  }

  float peak = 0;
  for (const float sample : mix.samples) peak = std::max(peak, std::abs(sample));
  loop_.reserve(mix.samples.size());
  for (const float sample : mix.samples) {
    loop_.push_back(static_cast<int16_t>(std::lround(sample / peak * kPeak * 32768)));
  }
}

void TuneSource::render(uint64_t first_frame, size_t frames, uint32_t channels, float* out) const {
  uint64_t at = first_frame % loop_frames();
  for (size_t i = 0; i < frames; ++i) {
    for (uint32_t c = 0; c < channels; ++c) out[i * channels + c] = loop_[at * 2 + c % 2] / 32768.0f;
    if (++at == loop_frames()) at = 0;
  }
}

}  // namespace plugjam::virtual_card
