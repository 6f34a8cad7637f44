// Encoder and decoder against each other, in all formats, and what must hold of each alone.
#include <doctest/doctest.h>
#include <opus_custom.h>

#include <algorithm>
#include <limits>

#include "codec/block_decoder.h"
#include "codec/block_encoder.h"
#include "codec/opus_mode.h"
#include "codec/samples.h"
#include "support/tone.h"
#include "support/vectors.h"

using namespace plugjam;
using namespace plugjam::test;

namespace {

std::vector<AudioFormat> opus_formats() {
  std::vector<AudioFormat> formats;
  for (const int block_frames : {64, 128}) {
    for (const int channels : {1, 2}) {
      for (const char* quality : {"low", "normal", "high"}) {
        formats.push_back({.block_frames = block_frames,
                           .channels = channels,
                           .block_bytes = opus_block_bytes(block_frames, channels, quality)});
      }
    }
  }
  return formats;
}

std::vector<AudioFormat> all_formats() {
  std::vector<AudioFormat> formats = opus_formats();
  for (const int block_frames : {64, 128}) {
    for (const int channels : {1, 2}) {
      formats.push_back(
          {.block_frames = block_frames, .channels = channels, .block_bytes = 2 * block_frames * channels});
    }
  }
  return formats;
}

// 440 Hz on the left, 660 Hz on the right.
std::vector<float> sines(int channels, int frames, double amplitude) {
  std::vector<float> samples;
  for (int i = 0; i < frames; ++i) {
    for (int channel = 0; channel < channels; ++channel) {
      const double hertz = channel == 0 ? 440 : 660;
      samples.push_back(
          static_cast<float>(amplitude * std::sin(2 * std::numbers::pi * hertz / kSampleRate * i)));
    }
  }
  return samples;
}

// A click every now and then has no period, so only one delay can match.
std::vector<float> bursts(int channels, int frames) {
  std::vector<float> samples(static_cast<size_t>(frames * channels));
  uint32_t x = 1;
  for (int i = 0; i < frames; ++i) {
    x = x * 1664525u + 1013904223u;
    const double swell = std::sin(2 * std::numbers::pi * 3.1 * i / kSampleRate);
    const double noise = static_cast<double>(x >> 8) / (1 << 24) - 0.5;
    for (int channel = 0; channel < channels; ++channel) {
      samples[static_cast<size_t>(i * channels + channel)] = static_cast<float>(
          0.3 * std::sin(2 * std::numbers::pi * (300 + 500 * swell) * i / kSampleRate) + 0.02 * noise);
    }
  }
  return samples;
}

std::vector<float> through_codec(const AudioFormat& format, const std::vector<float>& samples) {
  BlockEncoder encoder;
  BlockDecoder decoder;
  REQUIRE(encoder.ok());
  REQUIRE(decoder.ok());
  encoder.configure(format);
  decoder.configure(format);
  const size_t block_samples = static_cast<size_t>(format.block_frames * format.channels);
  std::vector<float> heard(samples.size() / block_samples * block_samples);
  Bytes block(static_cast<size_t>(format.block_bytes));
  for (size_t i = 0; i + block_samples <= samples.size(); i += block_samples) {
    encoder.encode(&samples[i], block.data());
    REQUIRE(decoder.decode(block.data(), &heard[i]));
  }
  return heard;
}

// The delay at which `heard` resembles `sent` most.
int delay_frames(const std::vector<double>& sent, const std::vector<double>& heard) {
  double best = -1;
  int best_delay = -1;
  for (int delay = 0; delay <= 300; ++delay) {
    double sum = 0;
    for (size_t i = 1000; i < heard.size(); ++i) sum += heard[i] * sent[i - static_cast<size_t>(delay)];
    if (sum > best) {
      best = sum;
      best_delay = delay;
    }
  }
  return best_delay;
}

}  // namespace

TEST_CASE("a sine comes out at its level") {
  for (const AudioFormat& format : all_formats()) {
    CAPTURE(format.block_frames);
    CAPTURE(format.channels);
    CAPTURE(format.block_bytes);
    const auto heard = through_codec(format, sines(format.channels, 24000, 0.25));
    for (int channel = 0; channel < format.channels; ++channel) {
      std::vector<double> samples = channel_of(heard, format.channels, channel);
      samples.erase(samples.begin(), samples.begin() + 4800);
      const double decibels = 20 * std::log10(amplitude_at(samples, channel == 0 ? 440 : 660) / 0.25);
      CAPTURE(channel);
      CHECK(std::fabs(decibels) < 0.5);
    }
  }
}

TEST_CASE("Opus delays by one block, raw audio not at all") {
  for (const AudioFormat& format : all_formats()) {
    CAPTURE(format.block_frames);
    CAPTURE(format.channels);
    CAPTURE(format.block_bytes);
    const auto sent = bursts(format.channels, 24000);
    const auto heard = through_codec(format, sent);
    CHECK(delay_frames(channel_of(sent, format.channels, 0), channel_of(heard, format.channels, 0)) ==
          (format.raw() ? 0 : format.block_frames));
  }
}

TEST_CASE("silence from a fresh encoder, and after a change of format, is the well-known block") {
  BlockEncoder encoder;
  REQUIRE(encoder.ok());
  for (const AudioFormat& format : opus_formats()) {
    CAPTURE(format.block_frames);
    CAPTURE(format.block_bytes);
    encoder.configure(format);
    Bytes expected(static_cast<size_t>(format.block_bytes));
    expected[0] = format.channels == 1 ? 0x00 : 0x04;
    expected[1] = 0xff;
    expected[2] = 0xfe;
    Bytes block(expected.size(), 0xaa);
    for (int i = 0; i < 5; ++i) {
      encoder.encode_silence(block.data());
      CHECK(block == expected);
    }
    const auto sound = sines(format.channels, format.block_frames, 0.5);
    encoder.encode(sound.data(), block.data());
    CHECK(block != expected);
  }
}

TEST_CASE("an encoder configured again gives the same bytes as a new one, a decoder the same samples") {
  BlockEncoder used_encoder;
  BlockDecoder used_decoder;
  for (const AudioFormat& format : all_formats()) {
    CAPTURE(format.block_frames);
    CAPTURE(format.block_bytes);
    const auto sound = bursts(format.channels, format.block_frames * 20);
    const size_t block_samples = static_cast<size_t>(format.block_frames * format.channels);
    BlockEncoder new_encoder;
    BlockDecoder new_decoder;
    for (int round = 0; round < 2; ++round) {
      used_encoder.configure(format);
      used_decoder.configure(format);
      new_encoder.configure(format);
      new_decoder.configure(format);
      for (size_t i = 0; i < sound.size(); i += block_samples) {
        Bytes used(static_cast<size_t>(format.block_bytes)), fresh(used.size());
        used_encoder.encode(&sound[i], used.data());
        new_encoder.encode(&sound[i], fresh.data());
        REQUIRE(used == fresh);
        std::vector<float> used_samples(block_samples), new_samples(block_samples);
        used_decoder.decode(used.data(), used_samples.data());
        new_decoder.decode(used.data(), new_samples.data());
        REQUIRE(used_samples == new_samples);
      }
    }
  }
}

TEST_CASE("the pitch search that is left out for small blocks would not have changed a byte") {
  for (const AudioFormat& format : opus_formats()) {
    if (format.block_frames != 64) continue;
    BlockEncoder ours;
    ours.configure(format);
    OpusCustomEncoder* plain = opus_custom_encoder_create(opus_mode(64), format.channels, nullptr);
    opus_custom_encoder_ctl(plain, OPUS_SET_VBR(0));
    opus_custom_encoder_ctl(plain, OPUS_SET_BITRATE(48000 * format.block_bytes * 8 / 64));
    opus_custom_encoder_ctl(plain, OPUS_SET_PACKET_LOSS_PERC(35));
    // Pulses like a voice's: all pitch.
    const int frames = 64 * 3000;
    std::vector<float> voice(static_cast<size_t>(frames * format.channels));
    double phase = 0;
    for (int i = 0; i < frames; ++i) {
      phase = std::fmod(phase + (180 + 20 * std::sin(i / 1500.0)) / kSampleRate, 1.0);
      for (int channel = 0; channel < format.channels; ++channel) {
        voice[static_cast<size_t>(i * format.channels + channel)] =
            static_cast<float>(0.5 * (std::exp(-8 * phase) - 0.12) * (0.6 + 0.4 * std::sin(i / 4000.0)));
      }
    }
    bool same = true;
    for (size_t at = 0; at < voice.size(); at += static_cast<size_t>(64 * format.channels)) {
      uint8_t one[kMaxBlockBytes], other[kMaxBlockBytes];
      ours.encode(&voice[at], one);
      opus_custom_encode_float(plain, &voice[at], 64, other, format.block_bytes);
      same &= std::equal(one, one + format.block_bytes, other);
    }
    CHECK(same);
    opus_custom_encoder_destroy(plain);
  }
}

TEST_CASE("the encoder writes its block and not a byte beyond, whatever the size") {
  BlockEncoder encoder;
  for (const int block_frames : {64, 128}) {
    for (const int channels : {1, 2}) {
      for (int block_bytes = 9; block_bytes <= 2 * block_frames * channels; ++block_bytes) {
        const AudioFormat format{
            .block_frames = block_frames, .channels = channels, .block_bytes = block_bytes};
        CAPTURE(block_frames);
        CAPTURE(channels);
        CAPTURE(block_bytes);
        const auto sound = bursts(channels, block_frames * 4);
        // The last byte of a block carries sound: were a block cut short, it would stay zero in all of them.
        bool last_byte_used = false;
        encoder.configure(format);
        for (int i = 0; i < 4; ++i) {
          Bytes block(static_cast<size_t>(block_bytes) + 8, 0xa5);
          encoder.encode(&sound[static_cast<size_t>(i * block_frames * channels)], block.data());
          last_byte_used = last_byte_used || block[static_cast<size_t>(block_bytes) - 1] != 0;
          REQUIRE(std::all_of(block.begin() + block_bytes, block.end(), [](uint8_t b) { return b == 0xa5; }));
        }
        CHECK(last_byte_used);
      }
    }
  }
}

TEST_CASE("samples beyond full scale, and such as are none, do no harm") {
  constexpr float kHuge = std::numeric_limits<float>::max();
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  const float bad[] = {kHuge, -kHuge, kInfinity, -kInfinity, kNan, 1.5f, -1.5f, 1e-40f};
  for (const AudioFormat& format : all_formats()) {
    BlockEncoder encoder;
    BlockDecoder decoder;
    encoder.configure(format);
    decoder.configure(format);
    const size_t block_samples = static_cast<size_t>(format.block_frames * format.channels);
    std::vector<float> sound(block_samples), heard(block_samples);
    Bytes block(static_cast<size_t>(format.block_bytes));
    for (size_t i = 0; i < 50; ++i) {
      for (size_t k = 0; k < block_samples; ++k) sound[k] = bad[(k + i) * 2654435761u % 8];
      encoder.encode(sound.data(), block.data());
      decoder.decode(block.data(), heard.data());
      REQUIRE(std::all_of(heard.begin(), heard.end(), [](float s) { return s >= -1.0f && s <= 1.0f; }));
    }
    // And it recovers: silence in, silence out.
    for (int i = 0; i < 400; ++i) {
      encoder.encode_silence(block.data());
      decoder.decode(block.data(), heard.data());
    }
    CHECK(std::all_of(heard.begin(), heard.end(), [](float s) { return std::fabs(s) < 1e-4f; }));
  }
}

TEST_CASE("raw audio is int16, little-endian, rounded and clipped") {
  BlockEncoder encoder;
  BlockDecoder decoder;
  const AudioFormat format{.block_frames = 64, .channels = 1, .block_bytes = 128};
  encoder.configure(format);
  decoder.configure(format);
  const std::pair<float, int> cases[] = {{0.0f, 0},           {1.0f, 32767},
                                         {-1.0f, -32768},     {2.0f, 32767},
                                         {-2.0f, -32768},     {0.5f, 16384},
                                         {1.4f / 32768, 1},   {1.6f / 32768, 2},
                                         {-1.6f / 32768, -2}, {std::numeric_limits<float>::quiet_NaN(), 0}};
  float samples[64] = {};
  for (size_t i = 0; i < std::size(cases); ++i) samples[i] = cases[i].first;
  uint8_t block[128];
  encoder.encode(samples, block);
  for (size_t i = 0; i < std::size(cases); ++i) {
    CAPTURE(i);
    CHECK(load_int16_le(block + 2 * i) == cases[i].second);
  }
  CHECK(block[10] == 0x00);
  CHECK(block[11] == 0x40);
  float heard[64];
  REQUIRE(decoder.decode(block, heard));
  CHECK(heard[5] == 0.5f);
  CHECK(heard[2] == -1.0f);
  decoder.conceal(heard);
  CHECK(std::all_of(std::begin(heard), std::end(heard), [](float s) { return s == 0.0f; }));
}

TEST_CASE("one lost block is filled with sound, many fade to the faint noise that Opus puts in a gap") {
  for (const AudioFormat& format : opus_formats()) {
    CAPTURE(format.block_frames);
    CAPTURE(format.block_bytes);
    BlockEncoder encoder;
    BlockDecoder decoder;
    encoder.configure(format);
    decoder.configure(format);
    const size_t block_samples = static_cast<size_t>(format.block_frames * format.channels);
    const auto sound = sines(format.channels, format.block_frames * 200, 0.25);
    std::vector<float> heard(block_samples);
    Bytes block(static_cast<size_t>(format.block_bytes));
    for (size_t i = 0; i < sound.size(); i += block_samples) {
      encoder.encode(&sound[i], block.data());
      decoder.decode(block.data(), heard.data());
    }
    decoder.conceal(heard.data());
    CHECK(peak(channel_of(heard, format.channels, 0)) > 0.05);
    for (int i = 0; i < 1000; ++i) decoder.conceal(heard.data());
    CHECK(peak(channel_of(heard, format.channels, 0)) < 0.05);
  }
}

TEST_CASE("a block that the codec refuses is reported, and sounds like a lost one") {
  for (const AudioFormat& format : opus_formats()) {
    CAPTURE(format.block_frames);
    CAPTURE(format.block_bytes);
    BlockEncoder encoder;
    BlockDecoder refusing, concealing;
    encoder.configure(format);
    refusing.configure(format);
    concealing.configure(format);
    const size_t block_samples = static_cast<size_t>(format.block_frames * format.channels);
    std::vector<float> refused(block_samples), concealed(block_samples);
    const auto sound = sines(format.channels, format.block_frames * 50, 0.25);
    Bytes block(static_cast<size_t>(format.block_bytes));
    for (size_t i = 0; i < sound.size(); i += block_samples) {
      encoder.encode(&sound[i], block.data());
      REQUIRE(refusing.decode(block.data(), refused.data()));
      REQUIRE(concealing.decode(block.data(), concealed.data()));
    }
    block[0] = 0x08;  // claims a length that this mode does not have
    CHECK_FALSE(refusing.decode(block.data(), refused.data()));
    concealing.conceal(concealed.data());
    CHECK(refused == concealed);
    CHECK(peak(channel_of(refused, format.channels, 0)) > 0.05);
  }
}

TEST_CASE("where nothing was heard yet, nothing is made up") {
  for (const AudioFormat& format : all_formats()) {
    CAPTURE(format.block_frames);
    CAPTURE(format.block_bytes);
    BlockDecoder decoder;
    decoder.configure(format);
    std::vector<float> heard(static_cast<size_t>(format.block_frames * format.channels), 1.0f);
    decoder.conceal(heard.data());
    CHECK(std::all_of(heard.begin(), heard.end(), [](float s) { return s == 0.0f; }));
  }
}
