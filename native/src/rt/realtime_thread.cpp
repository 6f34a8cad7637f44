// A thread at realtime priority, as far as the system allows.
#include "rt/realtime_thread.h"

#include <sched.h>

#include <cerrno>
#include <cstddef>

#include "rt/denormals.h"

namespace plugjam {
namespace {

constexpr size_t kStackBytes = 512 * 1024;

}  // namespace

int RealtimeThread::start(int priority, void (*body)(void*), void* argument, int& refused) {
  body_ = body;
  argument_ = argument;

  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, kStackBytes);
  pthread_attr_setinheritsched(&attributes, PTHREAD_EXPLICIT_SCHED);
  pthread_attr_setschedpolicy(&attributes, SCHED_FIFO);
  sched_param parameter{};
  parameter.sched_priority = priority;
  pthread_attr_setschedparam(&attributes, &parameter);
  int status = pthread_create(&thread_, &attributes, run, this);
  refused = status;
  if (status == EPERM) {
    pthread_attr_setinheritsched(&attributes, PTHREAD_INHERIT_SCHED);
    status = pthread_create(&thread_, &attributes, run, this);
  }
  pthread_attr_destroy(&attributes);
  started_ = status == 0;
  return status;
}

void RealtimeThread::join() {
  if (!started_) return;
  pthread_join(thread_, nullptr);
  started_ = false;
}

void* RealtimeThread::run(void* self) {
  auto* thread = static_cast<RealtimeThread*>(self);
  // Touch the stack now, so that no page of it is first touched in the middle of a period.
  volatile unsigned char stack[kStackBytes / 2];
  for (size_t i = 0; i < sizeof(stack); i += 4096) stack[i] = 0;
  flush_denormals();
  thread->body_(thread->argument_);
  return nullptr;
}

}  // namespace plugjam
