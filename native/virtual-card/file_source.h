// A card that hears a file, over and over.
#pragma once

#include "mapped_file.h"
#include "sample_format.h"
#include "source.h"

namespace plugjam::virtual_card {

// A WAV file (16, 24 or 32-bit integers or float) or raw samples. Frame 0 of the card is frame 0 of the file;
// there is no rate conversion. A card with more channels than the file repeats the file's.
class FileSource : public Source {
 public:
  // 0, or a negative errno; -EINVAL for a WAV file that is not of the above.
  int open_wav(const char* path);
  int open_raw(const char* path, SampleFormat format, uint32_t channels);

  void render(uint64_t first_frame, size_t frames, uint32_t channels, float* out) const override;

 private:
  int parse_wav();

  MappedFile file_;
  const uint8_t* samples_ = nullptr;
  uint64_t frames_ = 0;
  uint32_t channels_ = 0;
  SampleFormat format_ = SampleFormat::kS16;
};

}  // namespace plugjam::virtual_card
