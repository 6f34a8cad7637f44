// Wakes a slow thread from a fast one: an eventfd that a main loop can poll.
#include "rt/wakeup.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>

namespace plugjam {

Wakeup::Wakeup() : fd_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}

Wakeup::~Wakeup() {
  if (fd_ >= 0) close(fd_);
}

void Wakeup::ring() {
  const uint64_t one = 1;
  // Fails only when 2^64-1 rings are pending, and then the reader is awake anyway.
  [[maybe_unused]] const ssize_t written = write(fd_, &one, sizeof(one));
}

void Wakeup::clear() {
  uint64_t rings = 0;
  [[maybe_unused]] const ssize_t got = read(fd_, &rings, sizeof(rings));
}

}  // namespace plugjam
