// Watches, on every core and above every other program, for moments in which the machine itself stood still:
// standstill LEAST_MS FILE. Each time a watcher slept that much longer than it wanted to, FILE gets a line:
// the nanosecond of the monotonic clock at which it woke. Ends with 3 where it may not have the priority.

#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

namespace {

constexpr int64_t kSleepNs = 1'000'000;

int64_t now_ns() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * int64_t{1'000'000'000} + now.tv_nsec;
}

void watch(unsigned core, int64_t least_ns, int file) {
  cpu_set_t only;
  CPU_ZERO(&only);
  CPU_SET(core, &only);
  const sched_param highest{sched_get_priority_max(SCHED_FIFO)};
  if (pthread_setaffinity_np(pthread_self(), sizeof(only), &only) != 0) return;
  if (pthread_setschedparam(pthread_self(), SCHED_FIFO, &highest) != 0) std::_Exit(3);
  for (;;) {
    const int64_t began = now_ns();
    const timespec nap{0, kSleepNs};
    nanosleep(&nap, nullptr);
    const int64_t woke = now_ns();
    if (woke - began - kSleepNs >= least_ns) dprintf(file, "%lld\n", static_cast<long long>(woke));
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const int64_t least_ns = std::strtol(argv[1], nullptr, 10) * int64_t{1'000'000};
  const int file = open(argv[2], O_WRONLY | O_APPEND | O_CREAT, 0600);
  if (file < 0 || least_ns <= 0) return 2;
  // Memory that must be fetched first would look like a machine that stands still.
  mlockall(MCL_CURRENT | MCL_FUTURE);
  std::vector<std::thread> watchers;
  for (unsigned core = 0; core < std::thread::hardware_concurrency(); core++)
    watchers.emplace_back(watch, core, least_ns, file);
  for (auto& watcher : watchers) watcher.join();
}
