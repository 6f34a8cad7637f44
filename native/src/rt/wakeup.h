// Wakes a slow thread from a fast one: an eventfd that a main loop can poll.
#pragma once

namespace plugjam {

class Wakeup {
 public:
  Wakeup();
  ~Wakeup();
  Wakeup(const Wakeup&) = delete;
  Wakeup& operator=(const Wakeup&) = delete;

  // -1 if the system had none to give.
  int fd() const { return fd_; }
  // One write, never blocks; rings that pile up count as one.
  void ring();
  // Reader: back to silent.
  void clear();

 private:
  int fd_;
};

}  // namespace plugjam
