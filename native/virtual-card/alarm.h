// The one descriptor an application polls: readable when a moment has come, or when the control file was
// written.
#pragma once

#include <cstdint>

namespace plugjam::virtual_card {

// An epoll descriptor over a timer and a watch on the control file, so that a card without a running clock
// still wakes its sleepers when it is pulled out. Level triggered: readable until set again or drained.
class Alarm {
 public:
  static constexpr uint64_t kNever = 0;
  static constexpr uint64_t kAtOnce = 1;

  Alarm() = default;
  ~Alarm();
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;

  // 0, or a negative errno.
  int open(const char* control_path);

  int descriptor() const { return epoll_; }

  // Ring at this CLOCK_MONOTONIC time. One timerfd_settime, none when that is what it is set to already.
  void set(uint64_t time_ns);

  // Forget that the control file was written. A read or two; only for a wake-up that had no other reason.
  void drain();

 private:
  int epoll_ = -1;
  int timer_ = -1;
  int watch_ = -1;
  uint64_t set_to_ = kNever;
};

}  // namespace plugjam::virtual_card
