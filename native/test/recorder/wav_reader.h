// Reads a WAV file by what its header says, as a player would; and folders for a test's files.
#pragma once

#include <doctest/doctest.h>
#include <stdlib.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace plugjam::test {

struct Wav {
  bool wide = false;  // an RF64
  int channels = 0;
  int bits = 0;
  int64_t frames = 0;
  std::vector<int32_t> samples;  // interleaved, as far as the file goes
};

inline uint64_t number_at(const std::vector<uint8_t>& bytes, size_t at, size_t size) {
  uint64_t value = 0;
  for (size_t i = 0; i < size; ++i) value |= uint64_t{bytes.at(at + i)} << (8 * i);
  return value;
}

inline Wav parse_wav(const std::vector<uint8_t>& bytes) {
  const auto name = [&](size_t at) {
    return std::string(bytes.begin() + static_cast<long>(at), bytes.begin() + static_cast<long>(at) + 4);
  };
  Wav wav;
  REQUIRE(bytes.size() >= 12);
  wav.wide = name(0) == "RF64";
  REQUIRE((wav.wide || name(0) == "RIFF"));
  REQUIRE(name(8) == "WAVE");
  uint64_t riff_bytes = number_at(bytes, 4, 4);
  uint64_t data_bytes = 0;
  for (size_t at = 12;; at += 8 + number_at(bytes, at + 4, 4)) {
    REQUIRE(at + 8 <= bytes.size());
    if (name(at) == "ds64") {
      riff_bytes = number_at(bytes, at + 8, 8);
      data_bytes = number_at(bytes, at + 16, 8);
    } else if (name(at) == "fmt ") {
      REQUIRE(number_at(bytes, at + 8, 2) == 1);
      wav.channels = static_cast<int>(number_at(bytes, at + 10, 2));
      REQUIRE(number_at(bytes, at + 12, 4) == 48000);
      wav.bits = static_cast<int>(number_at(bytes, at + 22, 2));
    } else if (name(at) == "data") {
      if (!wav.wide) data_bytes = number_at(bytes, at + 4, 4);
      REQUIRE(riff_bytes == at + 8 + data_bytes - 8);
      REQUIRE_MESSAGE(at + 8 + data_bytes <= bytes.size(), "the header promises more than there is");
      const auto sample_bytes = static_cast<size_t>(wav.bits / 8);
      wav.frames = static_cast<int64_t>(data_bytes / sample_bytes) / wav.channels;
      for (size_t i = 0; i < data_bytes / sample_bytes; ++i) {
        const auto shift = 32 - wav.bits;
        const auto bits = static_cast<uint32_t>(number_at(bytes, at + 8 + i * sample_bytes, sample_bytes));
        wav.samples.push_back(static_cast<int32_t>(bits << shift) >> shift);
      }
      return wav;
    }
  }
}

inline std::vector<uint8_t> read_bytes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE_MESSAGE(file.good(), path.string());
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline Wav read_wav(const std::filesystem::path& path) { return parse_wav(read_bytes(path)); }

// A folder that vanishes with the test.
class ScratchFolder {
 public:
  ScratchFolder() {
    char name[] = "/tmp/plugjam-test-XXXXXX";
    REQUIRE(mkdtemp(name) != nullptr);
    path_ = name;
  }
  ~ScratchFolder() { std::filesystem::remove_all(path_); }

  const std::filesystem::path& path() const { return path_; }
  std::vector<std::filesystem::path> entries() const {
    std::vector<std::filesystem::path> found;
    for (const auto& entry : std::filesystem::directory_iterator(path_)) found.push_back(entry.path());
    return found;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace plugjam::test
