// Reading the parts of a WAV file that matter, and looping over its samples.
#include "file_source.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace plugjam::virtual_card {
namespace {

constexpr uint16_t kWaveInteger = 1;
constexpr uint16_t kWaveFloat = 3;
constexpr uint16_t kWaveExtensible = 0xfffe;  // the real tag is 24 bytes into the chunk

uint16_t read_16(const uint8_t* at) { return static_cast<uint16_t>(at[0] | at[1] << 8); }
uint32_t read_32(const uint8_t* at) { return read_16(at) | static_cast<uint32_t>(read_16(at + 2)) << 16; }

bool format_of(uint16_t tag, uint16_t bits, SampleFormat& format) {
  if (tag == kWaveFloat && bits == 32) {
    format = SampleFormat::kFloat;
  } else if (tag == kWaveInteger && bits == 16) {
    format = SampleFormat::kS16;
  } else if (tag == kWaveInteger && bits == 24) {
    format = SampleFormat::kS24Packed;
  } else if (tag == kWaveInteger && bits == 32) {
    format = SampleFormat::kS32;
  } else {
    return false;
  }
  return true;
}

}  // namespace

int FileSource::open_wav(const char* path) {
  const int error = file_.open(path, MappedFile::Access::kRead);
  return error < 0 ? error : parse_wav();
}

int FileSource::open_raw(const char* path, SampleFormat format, uint32_t channels) {
  const int error = file_.open(path, MappedFile::Access::kRead);
  if (error < 0) return error;
  format_ = format;
  channels_ = channels;
  samples_ = file_.data();
  frames_ = file_.size() / (bytes_per_sample(format) * channels);
  return frames_ == 0 ? -EINVAL : 0;
}

int FileSource::parse_wav() {
  const uint8_t* const begin = file_.data();
  const size_t size = file_.size();
  if (size < 12 || std::memcmp(begin, "RIFF", 4) != 0 || std::memcmp(begin + 8, "WAVE", 4) != 0)
    return -EINVAL;
  for (size_t at = 12; at + 8 <= size;) {
    const uint8_t* const body = begin + at + 8;
    const size_t length = std::min<size_t>(read_32(begin + at + 4), size - at - 8);
    if (std::memcmp(begin + at, "fmt ", 4) == 0 && length >= 16) {
      uint16_t tag = read_16(body);
      if (tag == kWaveExtensible && length >= 26) tag = read_16(body + 24);
      if (!format_of(tag, read_16(body + 14), format_)) return -EINVAL;
      channels_ = read_16(body + 2);
    } else if (std::memcmp(begin + at, "data", 4) == 0) {
      if (channels_ == 0) return -EINVAL;
      samples_ = body;
      frames_ = length / (bytes_per_sample(format_) * channels_);
      return frames_ == 0 ? -EINVAL : 0;
    }
    at += 8 + length + length % 2;
  }
  return -EINVAL;
}

void FileSource::render(uint64_t first_frame, size_t frames, uint32_t channels, float* out) const {
  const size_t sample_bytes = bytes_per_sample(format_);
  const size_t frame_bytes = sample_bytes * channels_;
  for (size_t done = 0; done < frames;) {
    const uint64_t at = (first_frame + done) % frames_;
    const size_t run = static_cast<size_t>(std::min<uint64_t>(frames - done, frames_ - at));
    for (uint32_t c = 0; c < channels; ++c) {
      const uint8_t* const in = samples_ + at * frame_bytes + c % channels_ * sample_bytes;
      decode(format_, in, frame_bytes, out + done * channels + c, channels, run);
    }
    done += run;
  }
}

}  // namespace plugjam::virtual_card
