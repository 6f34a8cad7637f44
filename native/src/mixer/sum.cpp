// See sum.h.
#include "mixer/sum.h"

#include <cstring>

namespace plugjam {
namespace {

// Four floats in one register, on every processor that has such. Sixteen frames at a time stay in registers
// while all terms are added, so that a term costs no more than reading it.
using Floats = float __attribute__((vector_size(16)));
constexpr int kLanes = 4;
constexpr int kTile = 4;
constexpr int kTileFrames = kLanes * kTile;

struct Tile {
  Floats sums[kTile] = {};

  void add(const float* samples, float gain) {
    for (int i = 0; i < kTile; ++i) {
      sums[i] += gain * *reinterpret_cast<const Floats*>(samples + i * kLanes);
    }
  }
  int16_t at(int frame) const {
    const float sum = sums[frame / kLanes][frame % kLanes];
    return static_cast<int16_t>(sum < -32768.0f ? -32768.0f : sum > 32767.0f ? 32767.0f : sum);
  }
};

}  // namespace

void sum_stereo(std::span<const StereoTerm> terms, int frames, int16_t* interleaved) {
  for (int frame = 0; frame < frames; frame += kTileFrames) {
    Tile left, right;
    for (const StereoTerm& term : terms) {
      left.add(term.left + frame, term.share.left);
      right.add(term.right + frame, term.share.right);
    }
    for (int i = 0; i < kTileFrames; ++i) {
      *interleaved++ = left.at(i);
      *interleaved++ = right.at(i);
    }
  }
}

void sum_mono(std::span<const MonoTerm> terms, int frames, int16_t* samples) {
  for (int frame = 0; frame < frames; frame += kTileFrames) {
    Tile tile;
    for (const MonoTerm& term : terms) tile.add(term.samples + frame, term.gain);
    for (int i = 0; i < kTileFrames; ++i) *samples++ = tile.at(i);
  }
}

}  // namespace plugjam
