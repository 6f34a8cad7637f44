// A thread at realtime priority, as far as the system allows.
#pragma once

#include <pthread.h>

namespace plugjam {

class RealtimeThread {
 public:
  RealtimeThread() = default;
  ~RealtimeThread() { join(); }
  RealtimeThread(const RealtimeThread&) = delete;
  RealtimeThread& operator=(const RealtimeThread&) = delete;

  // Starts `body(argument)` at SCHED_FIFO `priority`, or at normal priority where that is refused; `refused`
  // is then the errno of the refusal, else 0. Returns 0 or the errno of a thread that could not be had at
  // all.
  int start(int priority, void (*body)(void*), void* argument, int& refused);
  void join();

 private:
  static void* run(void* self);

  pthread_t thread_{};
  bool started_ = false;
  void (*body_)(void*) = nullptr;
  void* argument_ = nullptr;
};

}  // namespace plugjam
