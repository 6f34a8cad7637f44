// Reading the clock and the faults of a virtual card.
#include "control_file.h"

#include <cerrno>
#include <ctime>

namespace plugjam::virtual_card {
namespace {

uint64_t monotonic_ns() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(now.tv_nsec);
}

}  // namespace

int ControlFile::open(const char* path) {
  const int error = file_.open(path, MappedFile::Access::kReadWrite);
  if (error < 0) return error;
  if (file_.size() < sizeof(ControlLayout) || layout().magic != kControlMagic ||
      layout().version != kControlVersion) {
    return -EINVAL;
  }
  vanish_count_at_open_ = load(side().vanish_count);
  const uint32_t faults = load(side().faults);
  if (faults & kFaultVanished) return -ENODEV;
  if (faults & kFaultBusy) return -EBUSY;
  return 0;
}

Condition ControlFile::condition() const {
  const uint32_t faults = load(side().faults);
  if (faults & kFaultVanished || load(side().vanish_count) != vanish_count_at_open_) return Condition::kGone;
  return faults & kFaultSuspended ? Condition::kSuspended : Condition::kFine;
}

uint64_t ControlFile::frame_now() const {
  const uint64_t stopped_at = load(side().stopped_at_ns);
  const uint64_t epoch = load(side().epoch_ns);
  const uint64_t now = stopped_at != 0 ? stopped_at : monotonic_ns();
  return now > epoch ? clock_.frame_at(now - epoch) : 0;
}

void ControlFile::publish_start(uint64_t frame) {
  std::atomic_ref(side().start_frame).store(frame, std::memory_order_relaxed);
  std::atomic_ref(side().starts).fetch_add(1, std::memory_order_release);
}

void ControlFile::publish_xrun() { std::atomic_ref(side().xruns).fetch_add(1, std::memory_order_release); }

}  // namespace plugjam::virtual_card
