// The head of a WAV file: RIFF, and RF64 where 32 bits are not enough (EBU Tech 3306).
#pragma once

#include <array>
#include <cstdint>

namespace plugjam {

struct WavFormat {
  int channels = 1;
  int bytes_per_sample = 2;

  int frame_bytes() const { return channels * bytes_per_sample; }
};

// RIFF, a chunk for 64-bit sizes (JUNK until they are needed), fmt, the head of data.
constexpr int kWavHeaderBytes = 12 + 36 + 24 + 8;
// The most that a RIFF can say of itself.
constexpr int64_t kMostRiffBytes = 0xFFFFFFFF;

// `data_bytes` of samples follow. A file of more than `most_riff_bytes` becomes an RF64.
std::array<uint8_t, kWavHeaderBytes> wav_header(const WavFormat& format, int64_t data_bytes,
                                                int64_t most_riff_bytes = kMostRiffBytes);

}  // namespace plugjam
