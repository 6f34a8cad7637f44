// Between the engine's float frames and the formats that sound cards speak.
#include "pcm/sample_format.h"

#include <algorithm>
#include <cmath>

namespace plugjam {
namespace {

// One converter a format: the format is chosen once a period, not once a sample.

// Little-endian whole numbers, in as many bytes as they need or one more; the byte more may hold anything.
template <int kBits, int kWidth>
struct Integer {
  static constexpr int kBytes = kWidth;
  static constexpr float kScale = static_cast<float>(uint32_t{1} << (kBits - 1));
  // The largest float that still fits.
  static constexpr float kTop = kScale - (kBits > 24 ? 128 : 1);

  static float read(const uint8_t* sample) {
    uint32_t bits = 0;
    std::memcpy(&bits, sample, kWidth);
    return static_cast<float>(static_cast<int32_t>(bits << (32 - kBits))) / 2147483648.0f;
  }
  static void write(float value, uint8_t* sample) {
    const auto scaled = static_cast<int32_t>(std::lrintf(std::clamp(value * kScale, -kScale, kTop)));
    std::memcpy(sample, &scaled, kWidth);
  }
};

struct Float {
  static constexpr int kBytes = 4;
  static float read(const uint8_t* sample) {
    float value;
    std::memcpy(&value, sample, 4);
    return std::isfinite(value) ? value : 0.0f;
  }
  static void write(float value, uint8_t* sample) {
    const float clipped = std::clamp(value, -1.0f, 1.0f);
    std::memcpy(sample, &clipped, 4);
  }
};

template <typename Function>
void with_format(snd_pcm_format_t format, Function function) {
  switch (format) {
    case SND_PCM_FORMAT_S16_LE:
      return function(Integer<16, 2>{});
    case SND_PCM_FORMAT_S24_3LE:
      return function(Integer<24, 3>{});
    case SND_PCM_FORMAT_S24_LE:
      return function(Integer<24, 4>{});
    case SND_PCM_FORMAT_S32_LE:
      return function(Integer<32, 4>{});
    default:
      return function(Float{});
  }
}

}  // namespace

void read_frames(snd_pcm_format_t format, int card_channels, const uint8_t* card, float* stereo, int frames) {
  with_format(format, [&](auto kind) {
    const int frame_bytes = kind.kBytes * card_channels;
    const int right = card_channels > 1 ? kind.kBytes : 0;
    for (int i = 0; i < frames; ++i, card += frame_bytes) {
      stereo[2 * i] = kind.read(card);
      stereo[2 * i + 1] = kind.read(card + right);
    }
  });
}

void write_frames(snd_pcm_format_t format, int card_channels, const float* stereo, uint8_t* card,
                  int frames) {
  with_format(format, [&](auto kind) {
    const int frame_bytes = kind.kBytes * card_channels;
    for (int i = 0; i < frames; ++i, card += frame_bytes) {
      if (card_channels == 1) {
        kind.write((stereo[2 * i] + stereo[2 * i + 1]) * 0.5f, card);
        continue;
      }
      kind.write(stereo[2 * i], card);
      kind.write(stereo[2 * i + 1], card + kind.kBytes);
      // Silence is all zero bits in each of these formats.
      std::memset(card + 2 * kind.kBytes, 0, static_cast<size_t>(frame_bytes - 2 * kind.kBytes));
    }
  });
}

}  // namespace plugjam
