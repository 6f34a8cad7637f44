// From the first block after the server says that it records, nothing but silence leaves a guarded box.
#include "engine/recording_guard.h"

#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <vector>

#include "engine/audio_thread.h"
#include "net/datagram.h"

using namespace plugjam;

namespace {

using Bytes = std::vector<uint8_t>;

Bytes message(uint8_t id, const Bytes& body, uint8_t counter = 0) {
  Bytes bytes{0, 0, id, 0, counter, static_cast<uint8_t>(body.size()), 0};
  bytes.insert(bytes.end(), body.begin(), body.end());
  const uint16_t crc = crc16_genibus(bytes);
  bytes.push_back(static_cast<uint8_t>(crc & 0xFF));
  bytes.push_back(static_cast<uint8_t>(crc >> 8));
  return bytes;
}

Bytes recorder_state(uint8_t state, uint8_t counter = 0) { return message(33, {state}, counter); }

// A card that hears 0.5 all the time. Before each period it lets the test act; after the last it stops the
// thread.
class ScriptedPcm final : public Pcm {
 public:
  using Script = std::function<void(int period)>;

  ScriptedPcm(int periods, std::atomic<bool>& stop, Script script)
      : periods_(periods), stop_(stop), script_(std::move(script)) {}

  int period_frames() const override { return 64; }
  int capture_channels() const override { return 2; }
  bool start() override { return true; }
  PcmWait wait() override {
    if (period_ == periods_) {
      stop_ = true;
      return PcmWait::kNothing;
    }
    script_(period_++);
    return PcmWait::kReady;
  }
  bool read(float* frames) override {
    std::fill(frames, frames + 128, 0.5f);
    return true;
  }
  bool write(const float*, int) override { return true; }
  void stop() override {}
  PcmFailure failure() const override { return {}; }

 private:
  int periods_;
  int period_ = 0;
  std::atomic<bool>& stop_;
  Script script_;
};

// An audio thread that runs in the test's own, joined to a server in the test's hands. Nobody reads its news,
// as if JavaScript were busy for all that time.
struct Rig {
  UdpSocket own;
  UdpSocket server;
  std::unique_ptr<AudioThreadPorts> ports = std::make_unique<AudioThreadPorts>();
  AudioFormat format{64, 2, 256, 1, true};
  bool tells = true;      // the server says at once that it does not record
  std::vector<int> sent;  // of each block: its first sample

  Rig() {
    REQUIRE(own.open(0) == 0);
    REQUIRE(server.open(0) == 0);
  }
  static Endpoint at(const UdpSocket& socket) {
    Endpoint endpoint;
    REQUIRE(Endpoint::parse("127.0.0.1", socket.port(), endpoint));
    return endpoint;
  }
  void order(const Command& command) { REQUIRE(ports->commands.push(command)); }
  void join() { order(Join{at(server), format, 1}); }
  void say(const Bytes& bytes) { REQUIRE(server.send(at(own), bytes) == 0); }

  // Runs `periods` periods, joined from before the first.
  void run(int periods, const ScriptedPcm::Script& script) {
    AudioThread audio(own, *ports);
    REQUIRE(audio.ok());
    ScriptedPcm card(periods, ports->stop, [&](int period) {
      collect();
      script(period);
    });
    join();
    if (tells) say(recorder_state(2));
    order(UseCard{&card});
    audio.run();
    collect();
  }
  void collect() {
    Bytes bytes(kMaxDatagramBytes);
    for (Received received; server.receive(bytes, received);) {
      for (size_t at = 0; at + 257 <= received.bytes; at += 257) {
        sent.push_back(static_cast<int16_t>(bytes[at] | bytes[at + 1] << 8));
      }
    }
  }
};

// What is sent in `periods` periods, open until `from` and again from `to` on.
std::vector<int> shut_between(int from, int to, int periods) {
  std::vector<int> blocks(static_cast<size_t>(periods), 16384);
  std::fill(blocks.begin() + from, blocks.begin() + to, 0);
  return blocks;
}

}  // namespace

TEST_CASE("a guard knows each state of the recorder, and nothing else makes it stir") {
  RecordingGuard guard;
  guard.arm(true);
  guard.hear(recorder_state(1));
  CHECK(!guard.shut());
  guard.hear(recorder_state(3));
  CHECK(guard.shut());
  for (const Bytes& other : {recorder_state(0), recorder_state(4), recorder_state(255), message(33, {}),
                             message(33, {1, 1}), message(31, {1}), message(34, {1})}) {
    guard.hear(other);
    CHECK(guard.shut());
  }
  for (const uint8_t off : {1, 2}) {
    guard.hear(recorder_state(off));
    CHECK(!guard.shut());
    for (const Bytes& other : {recorder_state(0), message(31, {3}), message(33, {3, 3})}) {
      guard.hear(other);
      CHECK(!guard.shut());
    }
    guard.hear(recorder_state(3));
    CHECK(guard.shut());
  }
}

TEST_CASE("the block of the very period in which the message comes is silent, and no later one leaks") {
  Rig rig;
  rig.order(SetRecordingGuard{true});
  rig.run(40, [&](int period) {
    if (period == 10) rig.say(recorder_state(3));
    if (period == 30) rig.say(recorder_state(2, 1));
  });
  CHECK(rig.sent == shut_between(10, 30, 40));
}

TEST_CASE("a message that comes again, as when its acknowledge was lost, changes nothing") {
  Rig rig;
  rig.order(SetRecordingGuard{true});
  rig.run(40, [&](int period) {
    if (period >= 10 && period < 20) rig.say(recorder_state(3, 7));
    if (period == 25) rig.order(SetRecordingGuard{false});  // agreed to
    if (period == 26) rig.say(recorder_state(3, 7));
  });
  CHECK(rig.sent == shut_between(10, 25, 40));
}

TEST_CASE("a guard that is armed while the server records shuts at once, one that is not never does") {
  Rig rig;
  rig.run(40, [&](int period) {
    if (period == 10) rig.say(recorder_state(3));
    if (period == 20) rig.order(SetRecordingGuard{true});
    if (period == 30) rig.order(SetRecordingGuard{false});
  });
  CHECK(rig.sent == shut_between(20, 30, 40));
}

TEST_CASE("guard and musician mute independently") {
  Rig rig;
  rig.order(SetRecordingGuard{true});
  rig.run(60, [&](int period) {
    if (period == 10) rig.say(recorder_state(3));
    if (period == 20) rig.order(SetMuted{true});
    if (period == 30) rig.say(recorder_state(2, 1));  // the musician's own mute stays
    if (period == 40) rig.order(SetMuted{false});
    if (period == 50) rig.say(recorder_state(3, 2));
    if (period == 55) rig.order(SetMuted{false});  // no way round the guard
  });
  std::vector<int> expected = shut_between(10, 40, 60);
  std::fill(expected.begin() + 50, expected.end(), 0);
  CHECK(rig.sent == expected);
}

TEST_CASE("a new session begins with nothing known") {
  Rig rig;
  rig.order(SetRecordingGuard{true});
  rig.run(40, [&](int period) {
    if (period == 10) rig.say(recorder_state(3));
    if (period == 20) rig.join();
    if (period == 30) rig.say(recorder_state(1));
  });
  CHECK(rig.sent == shut_between(10, 30, 40));
}

TEST_CASE("a server that was started anew may record by now: it is waited for again") {
  Rig rig;
  rig.order(SetRecordingGuard{true});
  rig.run(40, [&](int period) {
    if (period == 10) rig.say(message(32, {0}));
    if (period == 20) rig.say(recorder_state(2, 10));
  });
  CHECK(rig.sent == shut_between(10, 20, 40));
}

TEST_CASE(
    "nothing leaves before the server has said how it stands, or has said nothing for a second of sound") {
  Rig rig;
  rig.tells = false;
  rig.order(SetRecordingGuard{true});
  const Bytes sound(257, 0);
  rig.run(1000, [&](int period) {
    if (period >= 100) rig.say(sound);
  });
  CHECK(rig.sent == shut_between(0, 100 + 48000 / 64 - 1, 1000));
}

TEST_CASE("only the server one plays on is believed, and only what is framed and checked") {
  Rig rig;
  UdpSocket other;
  REQUIRE(other.open(0) == 0);
  rig.order(Admit{Rig::at(other)});
  rig.order(SetRecordingGuard{true});
  rig.run(20, [&](int period) {
    Bytes broken = recorder_state(3);
    broken.back() ^= 1;
    if (period == 5) other.send(Rig::at(rig.own), recorder_state(3));
    if (period == 10) rig.say(broken);
  });
  CHECK(rig.sent == std::vector<int>(20, 16384));
}

TEST_CASE("a half-filled packet is silenced as well") {
  Rig rig;
  rig.format.blocks_per_packet = 2;
  rig.order(SetRecordingGuard{true});
  rig.run(20, [&](int period) {
    if (period == 11) rig.say(recorder_state(3));
  });
  // The block of period 10 had not left yet.
  CHECK(rig.sent == shut_between(10, 20, 20));
}

TEST_CASE("messages that JavaScript leaves lying do not keep the guard from hearing") {
  Rig rig;
  rig.order(SetRecordingGuard{true});
  const Bytes long_one = message(18, Bytes(200));
  rig.run(100, [&](int period) {
    if (period < 90) {
      for (int i = 0; i < 30; ++i) rig.say(long_one);
    }
    if (period == 95) rig.say(recorder_state(3));
  });
  CHECK(rig.ports->counters.load().messages_dropped > 0);
  CHECK(rig.sent == shut_between(95, 100, 100));
}
