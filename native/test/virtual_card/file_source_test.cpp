// Files a card can hear: WAV in its usual forms, raw samples, and what is neither.
#include "../../virtual-card/file_source.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>
#include <vector>

using namespace plugjam::virtual_card;

namespace {

class TemporaryFile {
 public:
  explicit TemporaryFile(const std::vector<uint8_t>& bytes) {
    const int fd = mkstemp(path_);
    REQUIRE(fd >= 0);
    REQUIRE(write(fd, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
    close(fd);
  }
  ~TemporaryFile() { unlink(path_); }
  const char* path() const { return path_; }

 private:
  char path_[32] = "/tmp/plugjam-test-XXXXXX";
};

// Two frames of 16-bit stereo, 1/2 and -1/2, then 1/4 and 0, behind a chunk to skip of odd length.
const std::vector<uint8_t> kWav = {'R',  'I',  'F',  'F', 54, 0,    0, 0, 'W',  'A',  'V',  'E',  //
                                   'L',  'I',  'S',  'T', 1,  0,    0, 0, 'x',  0,                //
                                   'f',  'm',  't',  ' ', 16, 0,    0, 0, 1,    0,    2,    0,
                                   0x80, 0xbb, 0,    0,   0,  0xee, 2, 0, 4,    0,    16,   0,  //
                                   'd',  'a',  't',  'a', 8,  0,    0, 0, 0x00, 0x40, 0x00, 0xc0,
                                   0x00, 0x20, 0x00, 0x00};

}  // namespace

TEST_CASE("file source: a WAV file loops, in step with the card's frames") {
  const TemporaryFile file(kWav);
  FileSource source;
  REQUIRE(source.open_wav(file.path()) == 0);
  std::vector<float> samples(3 * 3);
  source.render(1'000'001, 3, 3, samples.data());  // three channels: the third repeats the first
  CHECK(samples == std::vector<float>{0.25f, 0, 0.25f, 0.5f, -0.5f, 0.5f, 0.25f, 0, 0.25f});
}

TEST_CASE("file source: raw samples need to be told") {
  const TemporaryFile file({0x00, 0x40, 0x00, 0xc0});
  FileSource source;
  REQUIRE(source.open_raw(file.path(), SampleFormat::kS16, 1) == 0);
  std::vector<float> samples(4);
  source.render(0, 4, 1, samples.data());
  CHECK(samples == std::vector<float>{0.5f, -0.5f, 0.5f, -0.5f});
}

TEST_CASE("file source: what it cannot play, it refuses") {
  CHECK(FileSource().open_wav("/nowhere/at-all.wav") == -ENOENT);
  std::vector<uint8_t> bytes = kWav;
  bytes[30] = 2;  // ADPCM
  CHECK(FileSource().open_wav(TemporaryFile(bytes).path()) == -EINVAL);
  for (size_t length = 1; length < kWav.size() - 4; ++length) {
    const TemporaryFile cut(
        std::vector<uint8_t>(kWav.begin(), kWav.begin() + static_cast<ptrdiff_t>(length)));
    CAPTURE(length);
    CHECK(FileSource().open_wav(cut.path()) == -EINVAL);
  }
  CHECK(FileSource().open_raw(TemporaryFile({1}).path(), SampleFormat::kS16, 1) == -EINVAL);
}
