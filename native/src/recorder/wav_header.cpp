// See wav_header.h.
#include "recorder/wav_header.h"

#include <cstring>

#include "codec/audio_format.h"

namespace plugjam {
namespace {

constexpr uint32_t kSeeTheOtherChunk = 0xFFFFFFFF;
constexpr uint16_t kPcm = 1;
constexpr uint32_t kDs64Bytes = 28;

class Writer {
 public:
  explicit Writer(uint8_t* bytes) : at_(bytes) {}

  void name(const char* four) {
    std::memcpy(at_, four, 4);
    at_ += 4;
  }
  void number(uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) *at_++ = static_cast<uint8_t>(value >> (8 * i));
  }

 private:
  uint8_t* at_;
};

}  // namespace

std::array<uint8_t, kWavHeaderBytes> wav_header(const WavFormat& format, int64_t data_bytes,
                                                int64_t most_riff_bytes) {
  const int64_t riff_bytes = kWavHeaderBytes - 8 + data_bytes;
  const bool wide = riff_bytes > most_riff_bytes;
  const auto frame_bytes = static_cast<uint64_t>(format.frame_bytes());
  std::array<uint8_t, kWavHeaderBytes> header{};
  Writer write(header.data());
  write.name(wide ? "RF64" : "RIFF");
  write.number(wide ? kSeeTheOtherChunk : static_cast<uint64_t>(riff_bytes), 4);
  write.name("WAVE");
  write.name(wide ? "ds64" : "JUNK");
  write.number(kDs64Bytes, 4);
  write.number(wide ? static_cast<uint64_t>(riff_bytes) : 0, 8);
  write.number(wide ? static_cast<uint64_t>(data_bytes) : 0, 8);
  write.number(wide ? static_cast<uint64_t>(data_bytes) / frame_bytes : 0, 8);
  write.number(0, 4);  // no further sizes
  write.name("fmt ");
  write.number(16, 4);
  write.number(kPcm, 2);
  write.number(static_cast<uint64_t>(format.channels), 2);
  write.number(kSampleRate, 4);
  write.number(kSampleRate * frame_bytes, 4);
  write.number(frame_bytes, 2);
  write.number(static_cast<uint64_t>(format.bytes_per_sample) * 8, 2);
  write.name("data");
  write.number(wide ? kSeeTheOtherChunk : static_cast<uint64_t>(data_bytes), 4);
  return header;
}

}  // namespace plugjam
