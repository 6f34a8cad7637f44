// The audio thread allocates nothing, locks nothing and calls nothing beyond its list, in 10^5 periods.
#ifndef PLUGJAM_SANITIZED  // the sanitizers allocate and call the system themselves

#include <doctest/doctest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <thread>

#include "engine/audio_thread.h"
#include "rt/realtime_scope.h"
#include "support/realtime_watch.h"

using namespace plugjam;
using namespace plugjam::test;

namespace {

// Keeps no time: a period is ready whenever it is asked for. Stops the thread after the last.
class HastyPcm final : public Pcm {
 public:
  HastyPcm(int period_frames, int periods, std::atomic<bool>& stop)
      : period_frames_(period_frames), left_(periods), stop_(stop) {}

  int period_frames() const override { return period_frames_; }
  int capture_channels() const override { return 2; }
  bool start() override { return true; }
  PcmWait wait() override {
    if (left_-- == 0) stop_ = true;
    return left_ % 1000 == 0 ? PcmWait::kXrun : PcmWait::kReady;
  }
  bool read(float* frames) override {
    for (int i = 0; i < period_frames_ * 2; ++i) frames[i] = 0.5f * std::sin(0.05f * static_cast<float>(i));
    return true;
  }
  bool write(const float*, int) override { return true; }
  void stop() override {}
  PcmFailure failure() const override { return {}; }

 private:
  int period_frames_;
  int left_;
  std::atomic<bool>& stop_;
};

struct CountingSink final : PacketSink {
  int packets = 0;
  void send(std::span<const uint8_t>) override { ++packets; }
};

AudioFormat format_of(int block_frames, int channels, int bytes, int factor, bool sequenced) {
  return {block_frames, channels, bytes, factor, sequenced};
}

}  // namespace

TEST_CASE("the watch sees an allocation, a lock and a system call, and only inside a realtime scope") {
  std::thread([] {
    watch_system_calls();
    forget_misdeeds();
    static std::mutex mutex;
    const auto misbehave = [] {
      void* volatile memory = std::malloc(16);
      std::free(memory);
      const std::lock_guard lock(mutex);
      syscall(SYS_getppid);
    };
    misbehave();
    CHECK(misdeeds().sum() == 0);
    {
      RealtimeScope realtime;
      misbehave();
    }
    CHECK(misdeeds().allocations == 2);
    CHECK(misdeeds().locks == 1);
    CHECK(misdeeds().system_calls == 1);
    CHECK(misdeeds().last_system_call == SYS_getppid);
  }).join();
}

TEST_CASE("10^5 periods without an allocation, a lock or a system call beyond the list") {
  constexpr int kPeriods = 100'000;
  UdpSocket socket;
  REQUIRE(socket.open(0) == 0);
  auto ports = std::make_unique<AudioThreadPorts>();
  auto audio = std::make_unique<AudioThread>(socket, *ports);
  REQUIRE(audio->ok());
  HastyPcm card(64, kPeriods, ports->stop);

  // Joined to itself: what it sends comes back to be decoded.
  Endpoint self;
  REQUIRE(Endpoint::parse("127.0.0.1", socket.port(), self));
  REQUIRE(ports->commands.push(Join{self, format_of(64, 2, 73, 1, true), 1}));
  REQUIRE(ports->commands.push(UseCard{&card}));
  const PromptSet prompts(std::vector<int16_t>(48000, 8192), {100, 100, 48000});

  forget_misdeeds();
  std::thread thread([&] {
    watch_system_calls();
    audio->run();
  });

  // Meanwhile: every kind of order, messages, and rubbish.
  const AudioFormat formats[] = {
      format_of(64, 1, 12, 1, true),  format_of(128, 2, 165, 1, true), format_of(128, 1, 45, 2, false),
      format_of(64, 2, 256, 1, true), format_of(128, 2, 512, 2, true), format_of(64, 2, 73, 1, false),
  };
  const uint8_t client_id[] = {0, 0, 0x20, 0, 0, 1, 0, 0, 0xF9, 0xCC};
  const uint8_t recording[] = {0, 0, 0x21, 0, 9, 1, 0, 3, 0x4D, 0x4A};
  const uint8_t rubbish[] = {1, 2, 3};
  UdpSocket stranger;
  REQUIRE(stranger.open(0) == 0);
  for (int round = 0; !ports->stop; ++round) {
    ports->commands.push(SetFormat{formats[round % 6]});
    ports->commands.push(SetMuted{round % 5 == 0});
    ports->commands.push(SetRecordingGuard{round % 4 == 0});
    ports->commands.push(UsePrompts{round % 50 == 0 ? nullptr : &prompts});
    ports->commands.push(PlayPrompt{round % 4, round % 3});
    ports->commands.push(SetInputGain{round % 3 == 0 ? 0.5f : 1.0f});
    ports->commands.push(SetJitter{round % 7});
    ports->commands.push(
        SetChannelMode{round % 2 == 0 ? ChannelMode::kStereo : ChannelMode::kMonoInStereoOut});
    socket.send(self, client_id);
    socket.send(self, recording);
    socket.send(self, rubbish);
    stranger.send(self, client_id);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    ports->wakeup.clear();
    Notice notice;
    while (ports->notices.pop(notice)) continue;
    MessageHeader header;
    uint8_t bytes[kMaxDatagramBytes];
    size_t length = 0;
    while (ports->messages.pop(header, bytes, length)) CHECK(length == sizeof(client_id));
  }
  thread.join();

  const Misdeeds found = misdeeds();
  CAPTURE(found.last_system_call);
  CHECK(found.allocations == 0);
  CHECK(found.locks == 0);
  CHECK(found.system_calls == 0);

  // It was no idle run.
  const Counters counters = ports->counters.load();
  CHECK(counters.periods > kPeriods * 99 / 100);
  CHECK(counters.xruns > 0);
  CHECK(counters.packets_sent > kPeriods / 8);
  CHECK(counters.packets_received > kPeriods / 8);
  CHECK(counters.strangers > 0);
  CHECK(ports->returned.load() == &card);
}

TEST_CASE("10^5 periods between clocks 200 ppm apart, depth going up and down: the same") {
  constexpr int kPeriods = 100'000;
  CountingSink sink;
  auto pipeline = std::make_unique<Pipeline>(sink);
  REQUIRE(pipeline->ok());
  Misdeeds found;
  Counters counters;
  int most_blocks = 0;
  std::thread([&] {
    watch_system_calls();
    forget_misdeeds();
    RealtimeScope realtime;
    pipeline->use_card(true);
    pipeline->join({64, 2, 256, 1, true});
    std::array<uint8_t, 257> packet{};
    std::array<float, 128> frames{};
    double packets_due = 0;
    for (int period = 0; period < kPeriods; ++period) {
      const int64_t now_ns = int64_t{period} * 1'333'067;  // a card of +200 ppm
      if (period % 5000 == 0) pipeline->set_jitter(period / 5000 % 4 * 5);
      pipeline->wake(64, now_ns);
      for (packets_due += 1 - 0.0002; packets_due >= 1; packets_due -= 1) {
        packet[0] = static_cast<uint8_t>(period);
        if (period % 97 != 0) {
          pipeline->receive(
              packet, now_ns - static_cast<int64_t>((packets_due - 1) * 1'333'067) - period % 7 * 10'000);
        }
        ++packet[256];
      }
      pipeline->play(frames.data(), 64);
      pipeline->capture(frames.data(), 64, 2);
      pipeline->count(counters);
      most_blocks = std::max(most_blocks, static_cast<int>(counters.jitter_blocks));
    }
    found = misdeeds();
  }).join();
  CHECK(found.allocations == 0);
  CHECK(found.locks == 0);
  CHECK(found.system_calls == 0);
  CHECK(counters.drift_known);
  CHECK(counters.drift_ppm == doctest::Approx(200).epsilon(0.05));
  CHECK(sink.packets == doctest::Approx(kPeriods * (1 - 0.0002)).epsilon(0.00005));
  CHECK(most_blocks >= 15);
}

#endif
