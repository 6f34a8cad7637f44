// A card's control file, mapped, and what one direction of the card makes of it.
#pragma once

#include <atomic>

#include "card_clock.h"
#include "control.h"
#include "mapped_file.h"

namespace plugjam::virtual_card {

enum class Condition { kFine, kGone, kSuspended };

// The state of one direction. Reads are relaxed atomics on mapped memory: realtime safe.
class ControlFile {
 public:
  enum class Side { kCapture, kPlayback };

  ControlFile(Side side, const CardClock& clock) : side_(side), clock_(clock) {}

  // 0; -EBUSY or -ENODEV when that is the card's fault just now; another negative errno when there is no such
  // file.
  int open(const char* path);

  Condition condition() const;
  bool is_stopped() const { return load(side().stopped_at_ns) != 0; }
  bool is_hung() const { return (load(side().faults) & kFaultHung) != 0; }

  // The side's frame counter now.
  uint64_t frame_now() const;

  // The CLOCK_MONOTONIC time at which the counter reaches frame.
  uint64_t time_of(uint64_t frame) const { return load(side().epoch_ns) + clock_.time_of(frame); }

  uint64_t playback_base_frame() const { return load(layout().playback_base_frame); }

  // For tests to read.
  void publish_start(uint64_t frame);
  void publish_xrun();

 private:
  // The file is shared between processes, so its fields are not declared atomic; every access is.
  template <typename T>
  static T load(const T& field) {
    return std::atomic_ref<T>(const_cast<T&>(field)).load(std::memory_order_relaxed);
  }

  const ControlLayout& layout() const { return *reinterpret_cast<const ControlLayout*>(file_.data()); }
  const ControlSide& side() const { return side_ == Side::kCapture ? layout().capture : layout().playback; }
  ControlSide& side() { return const_cast<ControlSide&>(static_cast<const ControlFile*>(this)->side()); }

  Side side_;
  CardClock clock_;
  MappedFile file_;
  uint32_t vanish_count_at_open_ = 0;
};

}  // namespace plugjam::virtual_card
