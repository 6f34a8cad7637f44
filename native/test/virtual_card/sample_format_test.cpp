// Every format a card has, both ways.
#include "../../virtual-card/sample_format.h"

#include <doctest/doctest.h>

#include <vector>

using namespace plugjam::virtual_card;

TEST_CASE("sample format: what a format can say exactly comes back exactly") {
  for (const SampleFormat format : {SampleFormat::kS16, SampleFormat::kS24Packed, SampleFormat::kS24,
                                    SampleFormat::kS32, SampleFormat::kFloat}) {
    const std::vector<float> samples = {0, 0.5f, -0.5f, -1, 3 / 32768.0f, -32767 / 32768.0f};
    const size_t bytes = bytes_per_sample(format);
    std::vector<uint8_t> coded(samples.size() * bytes);
    std::vector<float> decoded(samples.size());
    encode(format, samples.data(), 1, coded.data(), bytes, samples.size());
    decode(format, coded.data(), bytes, decoded.data(), 1, samples.size());
    CHECK(decoded == samples);
  }
}

TEST_CASE("sample format: little-endian, clipped at full scale") {
  const std::vector<float> samples = {1.5f, -1.5f};
  std::vector<uint8_t> coded(8);
  encode(SampleFormat::kS16, samples.data(), 1, coded.data(), 2, 2);
  CHECK(std::vector<uint8_t>(coded.begin(), coded.begin() + 4) ==
        std::vector<uint8_t>{0xff, 0x7f, 0x00, 0x80});
  encode(SampleFormat::kS24, samples.data(), 1, coded.data(), 4, 2);
  CHECK(coded == std::vector<uint8_t>{0xff, 0xff, 0x7f, 0x00, 0x00, 0x00, 0x80, 0xff});
}

TEST_CASE("sample format: 24 bits in 32 ignore what the spare byte holds") {
  const uint8_t coded[] = {0x00, 0x00, 0xc0, 0x55};
  float sample = 0;
  decode(SampleFormat::kS24, coded, 4, &sample, 1, 1);
  CHECK(sample == -0.5f);
}

TEST_CASE("sample format: interleaved samples keep their channels") {
  const std::vector<float> frames = {0.25f, -0.25f, 0.5f, -0.5f};
  std::vector<uint8_t> coded(8);
  for (size_t c = 0; c < 2; ++c) encode(SampleFormat::kS16, frames.data() + c, 2, coded.data() + 2 * c, 4, 2);
  std::vector<float> decoded(4);
  for (size_t c = 0; c < 2; ++c)
    decode(SampleFormat::kS16, coded.data() + 2 * c, 4, decoded.data() + c, 2, 2);
  CHECK(decoded == frames);
}
