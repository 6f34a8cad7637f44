// Where the sound goes that is played on a virtual card: a file that keeps absolute frame numbers.
#pragma once

#include <cstddef>
#include <cstdint>

#include "mapped_file.h"

namespace plugjam::virtual_card {

// Interleaved float32. The file is as long as its maker made it; frames before its first or after its last
// are dropped quietly. A frame nobody played stays all zero bits; a played silent sample is stored as -0.0,
// which equals 0 but has its sign bit set, so a reader can tell the two. Writing is a copy into mapped
// memory.
class Sink {
 public:
  // 0, or a negative errno. The file's channels are the card's: a stream with fewer leaves the others
  // unplayed.
  int open(const char* path, uint32_t channels);

  bool is_open() const { return file_.is_open(); }

  // Mark and store frames, interleaved with stream_channels, so that the first lands base_frame before
  // first_frame.
  void write(uint64_t base_frame, uint64_t first_frame, const float* samples, uint32_t stream_channels,
             size_t frames);

  // Make frames [from, to) unplayed again: they were queued, but the stream stopped before their time came.
  void erase(uint64_t base_frame, uint64_t from_frame, uint64_t to_frame);

 private:
  MappedFile file_;
  uint32_t channels_ = 0;
  uint64_t frames_ = 0;
};

}  // namespace plugjam::virtual_card
