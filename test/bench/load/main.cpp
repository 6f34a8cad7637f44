// A load for a server: many clients at once, paced like real ones. Prints what it measured as one line of
// JSON.
//
//   load --server 127.0.0.1:22124 --clients 20 --seconds 10 [--own-mix] [--pid PID]
//
// 64-frame stereo blocks of high quality, sent by one thread in four groups spread over the time of a block.
// Packets of the server are timed by the kernel, so that this program's own delays do not count. --own-mix:
// each client sets its faders otherwise. --pid: the server's, for its processor time and memory.
#include <sched.h>
#include <time.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "load_client.h"
#include "music.h"
#include "rt/time.h"

using namespace plugjam;
using namespace plugjam::load;

namespace {

constexpr int kPlayers = 8;
constexpr int kMusicBlocks = 3000;
constexpr int kGroups = 4;
constexpr int64_t kMostJoinNs = 60'000'000'000;
// After everybody is in: until the last has faded in, and the server has settled.
constexpr int64_t kSettleNs = 5'000'000'000;

struct Options {
  std::string server = "127.0.0.1:22124";
  int clients = 8;
  int seconds = 10;
  bool own_mix = false;
  int pid = 0;
};

[[noreturn]] void fail(const std::string& why) {
  std::fprintf(stderr, "load: %s\n", why.c_str());
  std::exit(2);
}

Options read_options(int count, char** words) {
  Options options;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    if (word == "--own-mix") {
      options.own_mix = true;
      continue;
    }
    if (++i == count) fail(word + " wants a value");
    if (word == "--server") {
      options.server = words[i];
    } else if (word == "--clients") {
      options.clients = std::atoi(words[i]);
    } else if (word == "--seconds") {
      options.seconds = std::atoi(words[i]);
    } else if (word == "--pid") {
      options.pid = std::atoi(words[i]);
    } else {
      fail("what is " + word + "?");
    }
  }
  return options;
}

Endpoint read_endpoint(const std::string& text) {
  const size_t colon = text.rfind(':');
  Endpoint endpoint;
  if (colon == std::string::npos ||
      !Endpoint::parse(text.substr(0, colon).c_str(),
                       static_cast<uint16_t>(std::atoi(text.c_str() + colon + 1)), endpoint)) {
    fail("--server wants a numeric address and a port");
  }
  return endpoint;
}

// Processor time of all threads of a process so far.
int64_t processor_ns(int pid) {
  int64_t sum = 0;
  std::error_code error;
  for (const auto& thread :
       std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/task", error)) {
    std::ifstream file(thread.path() / "schedstat");
    int64_t ns = 0;
    file >> ns;
    sum += ns;
  }
  return sum;
}

int resident_kb(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("VmRSS:")) return std::atoi(line.c_str() + 6);
  }
  return 0;
}

class Load {
 public:
  explicit Load(const Options& options) : options_(options) {
    format_.sequenced = true;
    for (int player = 0; player < kPlayers; ++player)
      music_.push_back(code_music(format_, player, kMusicBlocks));
    const Endpoint server = read_endpoint(options.server);
    for (int i = 0; i < options.clients; ++i) {
      clients_.push_back(std::make_unique<LoadClient>(i, server, format_,
                                                      music_[static_cast<size_t>(i % kPlayers)],
                                                      options.own_mix ? options.clients : 0));
      if (const int error = clients_.back()->open()) fail(std::strerror(error));
    }
    start_ns_ = monotonic_ns();
  }

  // True: everybody was let in.
  bool join() {
    const int64_t until_ns = monotonic_ns() + kMostJoinNs;
    while (monotonic_ns() < until_ns) {
      // One newcomer at a time, as it is in life.
      if (playing_ < clients_.size() && (playing_ == 0 || clients_[playing_ - 1]->joined())) ++playing_;
      step();
      bool all = playing_ == clients_.size();
      for (const auto& client : clients_) all = all && client->joined() && client->idle();
      if (all) return true;
    }
    return false;
  }

  void run(int64_t duration_ns) {
    const int64_t until_ns = monotonic_ns() + duration_ns;
    while (monotonic_ns() < until_ns) step();
  }

  void measure() {
    for (const auto& client : clients_) client->measure();
  }
  void leave() {
    for (const auto& client : clients_) client->leave();
  }

  void report(int64_t processor_ns, int resident_kb) const {
    std::vector<int64_t> lateness;
    int64_t lost = 0;
    int64_t longest_gap_ns = 0;
    size_t fewest = SIZE_MAX;
    for (const auto& client : clients_) {
      client->arrivals().append_lateness(lateness);
      lost += client->arrivals().lost();
      longest_gap_ns = std::max(longest_gap_ns, client->arrivals().longest_gap_ns());
      fewest = std::min(fewest, client->arrivals().packets());
    }
    std::sort(lateness.begin(), lateness.end());
    const auto at = [&](double share) {
      if (lateness.empty()) return -1.0;
      return static_cast<double>(
                 lateness[static_cast<size_t>(share * static_cast<double>(lateness.size() - 1))]) /
             1e6;
    };
    const double share = static_cast<double>(processor_ns) / (options_.seconds * 1e9);
    std::printf(
        "{\"clients\":%d,\"ownMix\":%s,\"seconds\":%d,\"packets\":%zu,\"fewestPackets\":%zu,\"lost\":%lld,"
        "\"lateMs\":{\"p50\":%.3f,\"p99\":%.3f,\"p999\":%.3f,\"max\":%.3f},\"longestGapMs\":%.3f,"
        "\"processor\":%.4f,\"processorPerClient\":%.5f,\"residentKb\":%d,\"ownLatestMs\":%.3f}\n",
        options_.clients, options_.own_mix ? "true" : "false", options_.seconds, lateness.size(), fewest,
        static_cast<long long>(lost), at(0.5), at(0.99), at(0.999), at(1.0),
        static_cast<double>(longest_gap_ns) / 1e6, share, share / options_.clients, resident_kb,
        static_cast<double>(own_latest_ns_) / 1e6);
  }

 private:
  // A quarter of a block's time: one group of clients sends, and listens.
  void step() {
    const int64_t due_ns = start_ns_ + steps_ * format_.block_frames * 1'000'000'000 / kSampleRate / kGroups;
    const timespec due{due_ns / 1'000'000'000, due_ns % 1'000'000'000};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, nullptr);
    const int64_t now_ns = monotonic_ns();
    own_latest_ns_ = std::max(own_latest_ns_, now_ns - due_ns);
    for (size_t i = static_cast<size_t>(steps_ % kGroups); i < playing_; i += kGroups) {
      clients_[i]->play();
      clients_[i]->listen(now_ns);
    }
    ++steps_;
  }

  Options options_;
  AudioFormat format_;
  std::vector<std::vector<uint8_t>> music_;
  std::vector<std::unique_ptr<LoadClient>> clients_;
  size_t playing_ = 0;
  int64_t start_ns_ = 0;
  int64_t steps_ = 0;
  int64_t own_latest_ns_ = 0;  // how late this program itself was
};

}  // namespace

int main(int count, char** words) {
  const Options options = read_options(count, words);
  // Where it may: a load that is late itself says little.
  sched_param priority{};
  priority.sched_priority = 60;
  sched_setscheduler(0, SCHED_FIFO, &priority);

  Load load(options);
  if (!load.join()) {
    std::fprintf(stderr, "load: the server did not let everybody in\n");
    return 1;
  }
  load.run(kSettleNs);
  const int64_t before_ns = processor_ns(options.pid);
  load.measure();
  load.run(int64_t{options.seconds} * 1'000'000'000);
  const int64_t spent_ns = processor_ns(options.pid) - before_ns;
  load.leave();
  load.report(spent_ns, resident_kb(options.pid));
}
