// The sums of a mix: many planes of samples, each times its share, into one.
#pragma once

#include <cstdint>
#include <span>

#include "mixer/gain_table.h"

namespace plugjam {

// `frames` is a multiple of 16 everywhere; planes begin at multiples of 16 bytes.

struct StereoTerm {
  const float* left;
  const float* right;
  Share share;
};
struct MonoTerm {
  const float* samples;
  float gain;
};

// Writes whole numbers of 16 bit, interleaved: clipped, then cut towards zero, as every server does.
void sum_stereo(std::span<const StereoTerm> terms, int frames, int16_t* interleaved);
void sum_mono(std::span<const MonoTerm> terms, int frames, int16_t* samples);

}  // namespace plugjam
