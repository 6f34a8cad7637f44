// Conversion between float and what sound cards speak.
#include "sample_format.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace plugjam::virtual_card {
namespace {

constexpr double kFullScale16 = 32768;
constexpr double kFullScale24 = 8388608;
constexpr double kFullScale32 = 2147483648;

int32_t quantise(float sample, double full_scale) {
  const double scaled = std::nearbyint(static_cast<double>(sample) * full_scale);
  return static_cast<int32_t>(std::clamp(scaled, -full_scale, full_scale - 1));
}

void store(SampleFormat format, float sample, uint8_t* out) {
  switch (format) {
    case SampleFormat::kS16: {
      const auto value = static_cast<int16_t>(quantise(sample, kFullScale16));
      std::memcpy(out, &value, sizeof value);
      break;
    }
    case SampleFormat::kS24Packed: {
      const int32_t value = quantise(sample, kFullScale24);
      std::memcpy(out, &value, 3);
      break;
    }
    case SampleFormat::kS24: {
      const int32_t value = quantise(sample, kFullScale24);
      std::memcpy(out, &value, sizeof value);
      break;
    }
    case SampleFormat::kS32: {
      const int32_t value = quantise(sample, kFullScale32);
      std::memcpy(out, &value, sizeof value);
      break;
    }
    case SampleFormat::kFloat:
      std::memcpy(out, &sample, sizeof sample);
      break;
  }
}

// Reads a 24-bit sample from the low three bytes, whatever the fourth of its container holds.
int32_t load_24(const uint8_t* in) {
  uint32_t value = 0;
  std::memcpy(&value, in, 3);
  return static_cast<int32_t>(value << 8) >> 8;
}

float load(SampleFormat format, const uint8_t* in) {
  switch (format) {
    case SampleFormat::kS16: {
      int16_t value;
      std::memcpy(&value, in, sizeof value);
      return static_cast<float>(value / kFullScale16);
    }
    case SampleFormat::kS24Packed:
    case SampleFormat::kS24:
      return static_cast<float>(load_24(in) / kFullScale24);
    case SampleFormat::kS32: {
      int32_t value;
      std::memcpy(&value, in, sizeof value);
      return static_cast<float>(value / kFullScale32);
    }
    case SampleFormat::kFloat: {
      float value;
      std::memcpy(&value, in, sizeof value);
      return value;
    }
  }
  return 0;
}

}  // namespace

size_t bytes_per_sample(SampleFormat format) {
  switch (format) {
    case SampleFormat::kS16:
      return 2;
    case SampleFormat::kS24Packed:
      return 3;
    case SampleFormat::kS24:
    case SampleFormat::kS32:
    case SampleFormat::kFloat:
      return 4;
  }
  return 0;
}

void encode(SampleFormat format, const float* in, size_t in_step, uint8_t* out, size_t out_step,
            size_t count) {
  for (size_t i = 0; i < count; ++i) store(format, in[i * in_step], out + i * out_step);
}

void decode(SampleFormat format, const uint8_t* in, size_t in_step, float* out, size_t out_step,
            size_t count) {
  for (size_t i = 0; i < count; ++i) out[i * out_step] = load(format, in + i * in_step);
}

}  // namespace plugjam::virtual_card
