// Between the engine's float frames and the formats that sound cards speak.
#include "pcm/sample_format.h"

#include <algorithm>
#include <cmath>

namespace plugjam {
namespace {

constexpr float k16 = 32768.0f;
constexpr float k24 = 8388608.0f;
constexpr float k32 = 2147483648.0f;

// One converter a format: the format is chosen once a period, not once a sample.
struct S16 {
  static constexpr int kBytes = 2;
  static float read(const uint8_t* sample) {
    int16_t value;
    std::memcpy(&value, sample, 2);
    return static_cast<float>(value) / k16;
  }
  static void write(float value, uint8_t* sample) {
    const auto scaled = static_cast<int16_t>(std::lrintf(std::clamp(value * k16, -k16, k16 - 1)));
    std::memcpy(sample, &scaled, 2);
  }
};

struct S24Packed {
  static constexpr int kBytes = 3;
  static float read(const uint8_t* sample) {
    const auto value = static_cast<int32_t>(uint32_t{sample[0]} << 8 | uint32_t{sample[1]} << 16 |
                                            uint32_t{sample[2]} << 24);
    return static_cast<float>(value >> 8) / k24;
  }
  static void write(float value, uint8_t* sample) {
    const auto scaled = static_cast<int32_t>(std::lrintf(std::clamp(value * k24, -k24, k24 - 1)));
    sample[0] = static_cast<uint8_t>(scaled);
    sample[1] = static_cast<uint8_t>(scaled >> 8);
    sample[2] = static_cast<uint8_t>(scaled >> 16);
  }
};

struct S24 {
  static constexpr int kBytes = 4;
  // The top byte is padding and may hold anything.
  static float read(const uint8_t* sample) { return S24Packed::read(sample); }
  static void write(float value, uint8_t* sample) {
    const auto scaled = static_cast<int32_t>(std::lrintf(std::clamp(value * k24, -k24, k24 - 1)));
    std::memcpy(sample, &scaled, 4);
  }
};

struct S32 {
  static constexpr int kBytes = 4;
  static float read(const uint8_t* sample) {
    int32_t value;
    std::memcpy(&value, sample, 4);
    return static_cast<float>(value) / k32;
  }
  static void write(float value, uint8_t* sample) {
    // 2^31 - 1 has no float; 2^31 - 128 is the largest below it.
    const auto scaled = static_cast<int32_t>(std::lrintf(std::clamp(value * k32, -k32, k32 - 128)));
    std::memcpy(sample, &scaled, 4);
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
      return function(S16{});
    case SND_PCM_FORMAT_S24_3LE:
      return function(S24Packed{});
    case SND_PCM_FORMAT_S24_LE:
      return function(S24{});
    case SND_PCM_FORMAT_S32_LE:
      return function(S32{});
    default:
      return function(Float{});
  }
}

}  // namespace

float read_sample(snd_pcm_format_t format, const uint8_t* sample) {
  float value = 0;
  with_format(format, [&](auto kind) { value = kind.read(sample); });
  return value;
}

void write_sample(snd_pcm_format_t format, float value, uint8_t* sample) {
  with_format(format, [&](auto kind) { kind.write(value, sample); });
}

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
