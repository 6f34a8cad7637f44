// epoll, timerfd and inotify, put together.
#include "alarm.h"

#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <cerrno>
#include <initializer_list>

namespace plugjam::virtual_card {

Alarm::~Alarm() {
  for (const int fd : {epoll_, timer_, watch_}) {
    if (fd >= 0) close(fd);
  }
}

int Alarm::open(const char* control_path) {
  epoll_ = epoll_create1(EPOLL_CLOEXEC);
  timer_ = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  watch_ = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  if (epoll_ < 0 || timer_ < 0 || watch_ < 0) return -errno;
  if (inotify_add_watch(watch_, control_path, IN_MODIFY) < 0) return -errno;
  for (const int fd : {timer_, watch_}) {
    epoll_event event{};
    event.events = EPOLLIN;
    if (epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) < 0) return -errno;
  }
  return 0;
}

void Alarm::set(uint64_t time_ns) {
  if (time_ns == set_to_) return;
  set_to_ = time_ns;
  itimerspec when{};
  when.it_value.tv_sec = static_cast<time_t>(time_ns / 1'000'000'000);
  when.it_value.tv_nsec = static_cast<long>(time_ns % 1'000'000'000);
  timerfd_settime(timer_, TFD_TIMER_ABSTIME, &when, nullptr);
}

void Alarm::drain() {
  alignas(inotify_event) char events[4096];
  while (read(watch_, events, sizeof events) > 0) {
  }
}

}  // namespace plugjam::virtual_card
