// Samples as the wire and the codec want them: whole numbers of 16 bit, and floats that are surely within ±1.
#pragma once

#include <cmath>
#include <cstdint>

namespace plugjam {

// Bounds to ±1. A NaN (a broken float card, a broken packet) becomes silence.
inline float clip_sample(float sample) {
  if (sample > 1.0f) return 1.0f;
  if (sample < -1.0f) return -1.0f;
  return sample == sample ? sample : 0.0f;
}

inline int16_t to_int16(float sample) {
  const long rounded = std::lrintf(clip_sample(sample) * 32768.0f);
  return static_cast<int16_t>(rounded > 32767 ? 32767 : rounded);
}

// The same for a whole block of samples that are within ±1 already; compilers make vector code of it.
inline void to_int16(const float* samples, int count, int16_t* whole) {
  // Added to this, a float keeps no fraction: the sum is rounded as lrint would.
  constexpr float kNoFraction = 12582912.0f;  // 1.5 × 2^23
  for (int i = 0; i < count; ++i) {
    const auto rounded = static_cast<int32_t>((samples[i] * 32768.0f + kNoFraction) - kNoFraction);
    whole[i] = static_cast<int16_t>(rounded > 32767 ? 32767 : rounded);
  }
}

inline float from_int16(int16_t sample) { return static_cast<float>(sample) * (1.0f / 32768.0f); }

inline void store_int16_le(uint8_t* bytes, int16_t sample) {
  const auto bits = static_cast<uint16_t>(sample);
  bytes[0] = static_cast<uint8_t>(bits & 0xff);
  bytes[1] = static_cast<uint8_t>(bits >> 8);
}

inline int16_t load_int16_le(const uint8_t* bytes) {
  return static_cast<int16_t>(static_cast<uint16_t>(bytes[0] | bytes[1] << 8));
}

}  // namespace plugjam
