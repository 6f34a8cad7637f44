// See wav_file.h.
#include "recorder/wav_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace plugjam {
namespace {

// The operator's group may fetch recordings; nobody else may read them.
constexpr mode_t kFileMode = 0640;

// Collected before the system is called.
constexpr size_t kMostCollected = 1 << 16;

// `at` moves on by what was written.
int write_all(int fd, std::span<const uint8_t> bytes, int64_t& at) {
  while (!bytes.empty()) {
    const ssize_t count = pwrite(fd, bytes.data(), bytes.size(), at);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    if (count == 0) return EIO;
    bytes = bytes.subspan(static_cast<size_t>(count));
    at += count;
  }
  return 0;
}

int first_of(int error, int later) { return error != 0 ? error : later; }

}  // namespace

WavFile::~WavFile() { close(); }

int WavFile::create(int folder, const char* name, const WavFormat& format, int64_t most_riff_bytes) {
  fd_ = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, kFileMode);
  if (fd_ < 0) return errno;
  format_ = format;
  most_riff_bytes_ = most_riff_bytes;
  return enter(0);
}

int WavFile::append(std::span<const uint8_t> samples) {
  appended_.insert(appended_.end(), samples.begin(), samples.end());
  return appended_.size() < kMostCollected ? 0 : write();
}

int WavFile::append_silence(int64_t frames) {
  const int error = write();
  written_ += frames * format_.frame_bytes();
  return error;
}

int WavFile::write() {
  int64_t at = kWavHeaderBytes + written_;
  const int error = write_all(fd_, appended_, at);
  written_ = at - kWavHeaderBytes;
  appended_.clear();
  return error;
}

int WavFile::keep() {
  struct stat status {};
  if (fdatasync(fd_) != 0 || fstat(fd_, &status) != 0) return errno;
  if (status.st_nlink == 0) return ENOENT;
  return enter(written_);
}

int WavFile::close() {
  if (fd_ < 0) return 0;
  int error = write();
  written_ -= written_ % format_.frame_bytes();
  error = first_of(error, ftruncate(fd_, kWavHeaderBytes + written_) == 0 ? 0 : errno);
  const int kept = keep();
  error = first_of(error, kept);
  if (kept == 0) error = first_of(error, fdatasync(fd_) == 0 ? 0 : errno);
  error = first_of(error, ::close(fd_) == 0 ? 0 : errno);
  fd_ = -1;
  return error;
}

int WavFile::enter(int64_t bytes) {
  int64_t at = 0;
  return write_all(fd_, wav_header(format_, bytes, most_riff_bytes_), at);
}

}  // namespace plugjam
