// A file in memory.
#pragma once

#include <cstddef>
#include <cstdint>

namespace plugjam::virtual_card {

// Maps a whole file, shared, for as long as the object lives.
class MappedFile {
 public:
  enum class Access { kRead, kReadWrite };

  MappedFile() = default;
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  // 0, or a negative errno. An empty file is -EINVAL. With kRead its pages are read in at once.
  int open(const char* path, Access access);

  bool is_open() const { return data_ != nullptr; }
  uint8_t* data() { return data_; }
  const uint8_t* data() const { return data_; }
  size_t size() const { return size_; }

 private:
  uint8_t* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace plugjam::virtual_card
