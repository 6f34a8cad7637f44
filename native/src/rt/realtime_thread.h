// A thread at realtime priority with its memory locked, as far as the system allows.
#pragma once

#include <pthread.h>

namespace plugjam {

// 0 where granted, else the errno of the refusal. The thread runs either way.
struct RealtimeGrant {
  int priority_errno = 0;
  int memory_errno = 0;
};

// Locks pages as they are touched, so what Node reserves but never uses stays out of memory.
int lock_memory();

class RealtimeThread {
 public:
  RealtimeThread() = default;
  ~RealtimeThread() { join(); }
  RealtimeThread(const RealtimeThread&) = delete;
  RealtimeThread& operator=(const RealtimeThread&) = delete;

  // Starts `body(argument)` at SCHED_FIFO `priority`, or at normal priority where that is refused.
  // Returns 0 or the errno of a thread that could not be had at all.
  int start(int priority, void (*body)(void*), void* argument, RealtimeGrant& grant);
  void join();

 private:
  static void* run(void* self);

  pthread_t thread_{};
  bool started_ = false;
  void (*body_)(void*) = nullptr;
  void* argument_ = nullptr;
};

}  // namespace plugjam
