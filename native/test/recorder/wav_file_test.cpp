// WAV files that can be played at any time, that grow beyond 4 GiB, and that survive a full disk.
#include "recorder/wav_file.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "recorder/wav_reader.h"

using namespace plugjam;
using namespace plugjam::test;

namespace {

struct OpenFolder {
  ScratchFolder scratch;
  int fd = open(scratch.path().c_str(), O_RDONLY | O_DIRECTORY);
  ~OpenFolder() { close(fd); }
};

std::vector<uint8_t> counting(int samples, int first = 0) {
  std::vector<uint8_t> bytes;
  for (int i = first; i < first + samples; ++i) {
    bytes.push_back(static_cast<uint8_t>(i));
    bytes.push_back(static_cast<uint8_t>(i >> 8));
  }
  return bytes;
}

}  // namespace

TEST_CASE("a WAV header is laid out to the byte") {
  const auto header = wav_header({2, 2}, 4096);
  const uint8_t expected[] = {
      'R', 'I', 'F', 'F', 0x48, 0x10, 0,   0,   'W', 'A',  'V', 'E',                                   //
      'J', 'U', 'N', 'K', 28,   0,    0,   0,   0,   0,    0,   0,   0,    0,    0, 0, 0, 0,    0, 0,  //
      0,   0,   0,   0,   0,    0,    0,   0,   0,   0,    0,   0,   0,    0,    0, 0,                 //
      'f', 'm', 't', ' ', 16,   0,    0,   0,   1,   0,    2,   0,   0x80, 0xBB, 0, 0, 0, 0xEE, 2, 0,  //
      4,   0,   16,  0,   'd',  'a',  't', 'a', 0,   0x10, 0,   0};
  REQUIRE(sizeof(expected) == header.size());
  CHECK(std::equal(header.begin(), header.end(), expected));
}

TEST_CASE("a WAV header of more than 4 GiB is an RF64") {
  const int64_t most = 0xFFFFFFFFLL - (kWavHeaderBytes - 8);
  CHECK(std::memcmp(wav_header({1, 2}, most).data(), "RIFF", 4) == 0);
  const auto wide = wav_header({2, 3}, most + 3);
  const std::vector<uint8_t> bytes(wide.begin(), wide.end());
  CHECK(std::memcmp(wide.data(), "RF64\xff\xff\xff\xffWAVEds64", 16) == 0);
  CHECK(number_at(bytes, 20, 8) == 0xFFFFFFFFULL + 3);
  CHECK(number_at(bytes, 28, 8) == static_cast<uint64_t>(most + 3));
  CHECK(number_at(bytes, 36, 8) == static_cast<uint64_t>(most + 3) / 6);
  CHECK(number_at(bytes, 76, 4) == 0xFFFFFFFF);
}

TEST_CASE("a file holds what was appended, with holes that read as silence") {
  OpenFolder folder;
  WavFile file;
  REQUIRE(file.create(folder.fd, "a.wav", {1, 2}, kMostRiffBytes) == 0);
  REQUIRE(file.append(counting(100, 1)) == 0);
  REQUIRE(file.append_silence(1000) == 0);
  REQUIRE(file.append(counting(64, 500)) == 0);
  CHECK(file.frames() == 1164);
  REQUIRE(file.close() == 0);
  const Wav wav = read_wav(folder.scratch.path() / "a.wav");
  CHECK(wav.frames == 1164);
  CHECK(wav.samples[0] == 1);
  CHECK(wav.samples[99] == 100);
  CHECK(wav.samples[100] == 0);
  CHECK(wav.samples[1099] == 0);
  CHECK(wav.samples[1100] == 500);
  CHECK(wav.samples[1163] == 563);
}

TEST_CASE(
    "whatever was kept can be played before the file is closed, and no header promises more than there is") {
  OpenFolder folder;
  WavFile file;
  REQUIRE(file.create(folder.fd, "a.wav", {2, 2}, kMostRiffBytes) == 0);
  const auto path = folder.scratch.path() / "a.wav";
  CHECK(read_wav(path).frames == 0);
  int64_t kept = 0;
  for (int round = 0; round < 50; ++round) {
    REQUIRE(file.append(counting(2 * 64 * (round % 7 + 1))) == 0);
    CHECK(read_wav(path).frames == kept);
    if (round % 3 == 0) REQUIRE(file.write() == 0);
    CHECK(read_wav(path).frames == kept);
    if (round % 5 != 0) continue;
    REQUIRE(file.write() == 0);
    REQUIRE(file.keep() == 0);
    kept = file.frames();
    CHECK(read_wav(path).frames == kept);
  }
}

TEST_CASE("a file that outgrows a RIFF turns into an RF64 in place") {
  OpenFolder folder;
  WavFile file;
  const auto path = folder.scratch.path() / "a.wav";
  REQUIRE(file.create(folder.fd, "a.wav", {1, 2}, 1000) == 0);
  REQUIRE(file.append(counting(464)) == 0);  // 928 bytes and 72 of header
  REQUIRE(file.write() == 0);
  REQUIRE(file.keep() == 0);
  CHECK_FALSE(read_wav(path).wide);
  REQUIRE(file.append(counting(1, 464)) == 0);
  REQUIRE(file.close() == 0);
  const Wav wav = read_wav(path);
  CHECK(wav.wide);
  CHECK(wav.frames == 465);
  CHECK(wav.samples.back() == 464);
}

TEST_CASE("a file of 5 GiB has its true length") {
  OpenFolder folder;
  WavFile file;
  const int64_t frames = 5LL * 1024 * 1024 * 1024 / 4;
  REQUIRE(file.create(folder.fd, "a.wav", {2, 2}, kMostRiffBytes) == 0);
  REQUIRE(file.append_silence(frames) == 0);  // a hole: it takes no room
  REQUIRE(file.append(counting(2)) == 0);
  REQUIRE(file.close() == 0);
  std::ifstream stream(folder.scratch.path() / "a.wav", std::ios::binary);
  std::vector<uint8_t> header(kWavHeaderBytes);
  stream.read(reinterpret_cast<char*>(header.data()), kWavHeaderBytes);
  CHECK(std::memcmp(header.data(), "RF64", 4) == 0);
  CHECK(number_at(header, 36, 8) == static_cast<uint64_t>(frames + 1));
}

TEST_CASE("a file that is there already is left alone, and one that was deleted is missed") {
  OpenFolder folder;
  WavFile file;
  REQUIRE(file.create(folder.fd, "a.wav", {1, 2}, kMostRiffBytes) == 0);
  WavFile second;
  CHECK(second.create(folder.fd, "a.wav", {1, 2}, kMostRiffBytes) == EEXIST);
  REQUIRE(file.append(counting(64)) == 0);
  REQUIRE(file.write() == 0);
  CHECK(file.keep() == 0);
  std::filesystem::remove(folder.scratch.path() / "a.wav");
  CHECK(file.keep() == ENOENT);
}

TEST_CASE("a full disk is told, and what went before can be played, to the whole frame") {
  OpenFolder folder;
  // In a child: the limit holds for a whole process.
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{1001, 1001};
    setrlimit(RLIMIT_FSIZE, &limit);
    WavFile file;
    const bool begun = file.create(folder.fd, "a.wav", {1, 3}, kMostRiffBytes) == 0 &&
                       file.append(std::vector<uint8_t>(2000, 7)) == 0;
    const bool told = file.write() == EFBIG;
    _exit(begun && told && file.close() == 0 ? 0 : 1);
  }
  int status = -1;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  const Wav wav = read_wav(folder.scratch.path() / "a.wav");
  CHECK(wav.frames == (1001 - kWavHeaderBytes) / 3);
  CHECK(wav.samples.back() == 0x070707);
  CHECK(std::filesystem::file_size(folder.scratch.path() / "a.wav") ==
        static_cast<uintmax_t>(kWavHeaderBytes + wav.frames * 3));
}
