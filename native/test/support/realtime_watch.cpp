// Counts what the audio thread must not do: allocations, locks and system calls beyond its list.
#include "support/realtime_watch.h"

#ifndef PLUGJAM_SANITIZED  // the sanitizers bring an allocator of their own

#include <dlfcn.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <iterator>

#include "rt/realtime_scope.h"

namespace {

std::atomic<uint64_t> g_allocations{0};
std::atomic<uint64_t> g_locks{0};
std::atomic<uint64_t> g_system_calls{0};
std::atomic<int> g_last_system_call{-1};

void count(std::atomic<uint64_t>& counter) {
  if (plugjam::RealtimeScope::entered()) counter.fetch_add(1, std::memory_order_relaxed);
}

void on_system_call(int, siginfo_t* info, void* context) {
  count(g_system_calls);
  g_last_system_call = info->si_syscall;
#if defined(__x86_64__)
  static_cast<ucontext_t*>(context)->uc_mcontext.gregs[REG_RAX] = -ENOSYS;
#elif defined(__aarch64__)
  static_cast<ucontext_t*>(context)->uc_mcontext.regs[0] = static_cast<unsigned long long>(-ENOSYS);
#endif
}

}  // namespace

extern "C" {

void* __libc_malloc(size_t);
void __libc_free(void*);
void* __libc_calloc(size_t, size_t);
void* __libc_realloc(void*, size_t);
void* __libc_memalign(size_t, size_t);

void* malloc(size_t size) {
  count(g_allocations);
  return __libc_malloc(size);
}
void free(void* memory) {
  if (memory != nullptr) count(g_allocations);
  __libc_free(memory);
}
void* calloc(size_t items, size_t size) {
  count(g_allocations);
  return __libc_calloc(items, size);
}
void* realloc(void* memory, size_t size) {
  count(g_allocations);
  return __libc_realloc(memory, size);
}
void* memalign(size_t alignment, size_t size) {
  count(g_allocations);
  return __libc_memalign(alignment, size);
}
void* aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }
int posix_memalign(void** memory, size_t alignment, size_t size) {
  *memory = memalign(alignment, size);
  return *memory == nullptr ? ENOMEM : 0;
}

int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
  static int (*real)(pthread_mutex_t*) =
      reinterpret_cast<int (*)(pthread_mutex_t*)>(dlsym(RTLD_NEXT, "pthread_mutex_lock"));
  count(g_locks);
  return real(mutex);
}

}  // extern "C"

namespace plugjam::test {

void watch_system_calls() {
  struct sigaction action {};
  action.sa_sigaction = on_system_call;
  action.sa_flags = SA_SIGINFO | SA_NODEFER;
  sigaction(SIGSYS, &action, nullptr);

  // The list of native/README.md: wait on, read and write the PCM; receive and send; write the eventfd.
  // timerfd_settime is the virtual card's alone, recvmmsg and sendmmsg the mixer's. The rest is how a thread
  // ends and a signal handler returns.
  constexpr int kAllowed[] = {
      SYS_ppoll, SYS_recvmsg,         SYS_sendto,          SYS_read,         SYS_write,
      SYS_ioctl, SYS_clock_nanosleep, SYS_timerfd_settime, SYS_rt_sigreturn, SYS_rt_sigprocmask,
      SYS_exit,  SYS_munmap,          SYS_madvise,         SYS_recvmmsg,     SYS_sendmmsg,
#ifdef SYS_poll
      SYS_poll,
#endif
  };
  constexpr size_t kCount = std::size(kAllowed);
  sock_filter program[kCount * 2 + 2];
  size_t length = 0;
  program[length++] = BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr));
  for (const int allowed : kAllowed) {
    program[length++] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<unsigned>(allowed), 0, 1);
    program[length++] = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  }
  program[length++] = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP);
  const sock_fprog filter{static_cast<unsigned short>(length), program};
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter) != 0) std::abort();
}

void forget_misdeeds() { g_allocations = g_locks = g_system_calls = 0; }

Misdeeds misdeeds() { return {g_allocations, g_locks, g_system_calls, g_last_system_call}; }

}  // namespace plugjam::test

#endif
