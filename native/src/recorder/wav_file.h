// One WAV file that grows, and can be played at any time, whatever happens to the machine.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "recorder/wav_header.h"

namespace plugjam {

// All results are 0 or an errno. Not for a realtime thread: any call may wait for the disk.
class WavFile {
 public:
  WavFile() = default;
  ~WavFile();
  WavFile(const WavFile&) = delete;
  WavFile& operator=(const WavFile&) = delete;

  // Makes a file that is not there yet, in an open folder.
  int create(int folder, const char* name, const WavFormat& format, int64_t most_riff_bytes);
  bool open() const { return fd_ >= 0; }
  const WavFormat& format() const { return format_; }
  int64_t frames() const {
    return (written_ + static_cast<int64_t>(appended_.size())) / format_.frame_bytes();
  }

  // Whole frames, as they stand in the file. Collected until there are many, or until write().
  int append(std::span<const uint8_t> samples);
  // A hole: it reads as zeros, and costs no time however long it is.
  int append_silence(int64_t frames);
  // Hands what was appended to the system: it survives us now, but no power cut.
  int write();
  // Has the disk take what was handed over, then enters that in the header. In this order a header never
  // promises what is not there; it reaches the disk by the next call. ENOENT: somebody has deleted the file.
  int keep();
  // Writes, keeps, and lets go; also after a failure, so that what is there can be played.
  int close();

 private:
  int enter(int64_t bytes);

  int fd_ = -1;
  WavFormat format_;
  int64_t most_riff_bytes_ = kMostRiffBytes;
  int64_t written_ = 0;  // bytes of samples that the system has
  std::vector<uint8_t> appended_;
};

}  // namespace plugjam
