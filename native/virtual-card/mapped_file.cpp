// mmap and its errors.
#include "mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace plugjam::virtual_card {

MappedFile::~MappedFile() {
  if (data_ != nullptr) munmap(data_, size_);
}

int MappedFile::open(const char* path, Access access) {
  const bool writable = access == Access::kReadWrite;
  const int fd = ::open(path, (writable ? O_RDWR : O_RDONLY) | O_CLOEXEC);
  if (fd < 0) return -errno;
  struct stat info;
  int error = fstat(fd, &info) < 0 ? -errno : info.st_size == 0 ? -EINVAL : 0;
  if (error == 0) {
    const int protection = writable ? PROT_READ | PROT_WRITE : PROT_READ;
    const int flags = writable ? MAP_SHARED : MAP_SHARED | MAP_POPULATE;
    void* data = mmap(nullptr, static_cast<size_t>(info.st_size), protection, flags, fd, 0);
    if (data == MAP_FAILED) {
      error = -errno;
    } else {
      data_ = static_cast<uint8_t*>(data);
      size_ = static_cast<size_t>(info.st_size);
    }
  }
  close(fd);
  return error;
}

}  // namespace plugjam::virtual_card
