// The mixer on a socket: clients, strangers, floods, sleep.
#include "mixer/mixer.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include "mixer/desk_rig.h"
#include "support/raw_sender.h"

using namespace plugjam;
using namespace plugjam::test;

namespace {

const Packet kMessage = {0, 0, 0x20, 0, 0, 1, 0, 0, 0xF9, 0xCC};

Endpoint local(uint16_t port, const char* address = "127.0.0.1") {
  Endpoint endpoint;
  REQUIRE(Endpoint::parse(address, port, endpoint));
  return endpoint;
}

template <typename Condition>
bool soon(Condition condition) {
  for (int i = 0; i < 5000; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return false;
}

// A mixer's thread that is turned by hand.
struct HandMixer {
  explicit HandMixer(int slots) {
    REQUIRE(socket.open(local(0)) == 0);
    socket.widen_receive_buffer(8 * 1024 * 1024);
    mixing = std::make_unique<MixerThread>(socket, *ports, 64, slots, 99);
    for (int slot = 0; slot < slots; ++slot) {
      clients.push_back(std::make_unique<UdpSocket>());
      REQUIRE(clients.back()->open(local(0)) == 0);
    }
  }
  void join(int slot) {
    ports->orders.push(AddClient{slot, local(clients[static_cast<size_t>(slot)]->port()), 7});
    ports->orders.push(SetClientFormat{slot, opus_format(64, 2)});
    ports->orders.push(AdmitToMix{slot});
  }
  void play(int slot, uint8_t sequence) {
    Packet packet(74);
    packet[0] = 4;
    packet[1] = 0xFF;
    packet[2] = 0xFE;
    packet[73] = sequence;
    clients[static_cast<size_t>(slot)]->send(local(socket.port()), packet);
  }

  UdpSocket socket;
  std::unique_ptr<MixerPorts> ports = std::make_unique<MixerPorts>();
  std::unique_ptr<MixerThread> mixing;
  std::vector<std::unique_ptr<UdpSocket>> clients;
};

}  // namespace

TEST_CASE("a port that is taken is an error with its number; an address binds that address alone") {
  MixerSettings settings;
  settings.listen = local(0);
  int error = 0;
  const auto mixer = Mixer::create(settings, error);
  REQUIRE(mixer != nullptr);
  CHECK(mixer->port() != 0);
  settings.listen = local(mixer->port());
  CHECK(Mixer::create(settings, error) == nullptr);
  CHECK(error == EADDRINUSE);
  settings.listen = local(mixer->port(), "127.0.0.2");
  CHECK(Mixer::create(settings, error) != nullptr);
}

TEST_CASE("both unspecified addresses are all interfaces, of both families") {
  for (const char* all : {"0.0.0.0", "::"}) {
    MixerSettings settings;
    settings.listen = local(0, all);
    int error = 0;
    const auto mixer = Mixer::create(settings, error);
    REQUIRE(mixer != nullptr);
    UdpSocket socket;
    REQUIRE(socket.open(0) == 0);
    uint64_t expected = 0;
    for (const char* address : {"127.0.0.1", "::1"}) {
      if (socket.send(local(mixer->port(), address), kMessage) != 0) continue;  // no IPv6 on this machine
      ++expected;
    }
    CHECK(soon([&] { return mixer->counters().strangers == expected; }));
  }
}

TEST_CASE("it sleeps while nobody is there, hears strangers all the same, and wakes for a client") {
  MixerSettings settings;
  settings.listen = local(0);
  int error = 0;
  const auto mixer = Mixer::create(settings, error);
  REQUIRE(mixer != nullptr);
  UdpSocket client;
  REQUIRE(client.open(local(0)) == 0);

  client.send(local(mixer->port()), kMessage);
  client.send(local(mixer->port()), Packet(74));
  CHECK(soon([&] { return mixer->counters().strangers == 2; }));
  CHECK(mixer->counters().ticks == 0);
  MixerMessage message;
  Packet bytes(kMaxDatagramBytes);
  size_t length = 0;
  REQUIRE(mixer->next_stranger_message(message, bytes, length));
  CHECK(message.from.port() == client.port());
  CHECK(length == kMessage.size());
  Knock knock;
  REQUIRE(mixer->next_knock(knock));
  CHECK(knock.from.port() == client.port());
  CHECK(knock.bytes == 74);

  REQUIRE(mixer->order(AddClient{2, local(client.port()), 5}));
  REQUIRE(mixer->order(SetClientFormat{2, opus_format(64, 2)}));
  CHECK(soon([&] { return mixer->counters().ticks > 10; }));
  MixerNotice notice;
  REQUIRE(soon([&] { return mixer->next_notice(notice); }));
  CHECK(notice.kind == MixerNotice::Kind::kClientJitter);
  CHECK(notice.client == 5);
  CHECK(mixer->counters().packets_sent == 0);
  client.send(local(mixer->port()), kMessage);
  REQUIRE(soon([&] { return mixer->next_message(message, bytes, length); }));
  CHECK(message.slot == 2);
  CHECK(message.client == 5);

  REQUIRE(mixer->order(AdmitToMix{2}));
  Received received;
  REQUIRE(soon([&] { return client.receive(bytes, received); }));
  CHECK(received.bytes == 74);

  REQUIRE(mixer->order(RemoveClient{2}));
  uint64_t ticks = 0;
  CHECK(soon([&] {
    const uint64_t before = ticks;
    ticks = mixer->counters().ticks;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return ticks == before && mixer->counters().ticks == before;
  }));
}

TEST_CASE("a flood of strangers neither costs a client a block nor fills what JavaScript hears") {
#ifdef PLUGJAM_SANITIZED
  constexpr int kTicks = 200;
#else
  constexpr int kTicks = 2000;
#endif
  constexpr int kStrangers = 100;
  constexpr int kPerTick = 200;
  HandMixer rig(4);
  std::vector<std::unique_ptr<UdpSocket>> strangers;
  for (int i = 0; i < kStrangers; ++i) {
    strangers.push_back(std::make_unique<UdpSocket>());
    REQUIRE(strangers.back()->open(local(0)) == 0);
  }
  for (int slot = 0; slot < 4; ++slot) rig.join(slot);

  Random random(4);
  uint64_t sent = 0;
  uint64_t messages = 0;
  for (int tick = 0; tick < kTicks; ++tick) {
    rig.clients[0]->send(local(rig.socket.port()), kMessage);
    for (int i = 0; i < kPerTick; ++i) {
      // Rubbish, audio that knocks, and messages well formed.
      Packet packet = kMessage;
      if (i % 3 == 0) packet.assign(74, static_cast<uint8_t>(i));
      if (i % 3 == 1) {
        packet.resize(static_cast<size_t>(random.below(200)));
        for (uint8_t& byte : packet) byte = static_cast<uint8_t>(random.next());
      }
      sent += strangers[static_cast<size_t>(random.below(kStrangers))]->send(local(rig.socket.port()),
                                                                             packet) == 0;
      if (i % (kPerTick / 4) == 0) rig.play(i / (kPerTick / 4), static_cast<uint8_t>(tick));
    }
    // One turn may leave some over, on a slow machine.
    do rig.mixing->turn();
    while (rig.ports->counters.load().strangers < sent);
    MixerMessage message;
    uint8_t bytes[kMaxDatagramBytes];
    size_t length = 0;
    while (rig.ports->messages.pop(message, bytes, length)) {
      CHECK(message.slot == 0);
      ++messages;
    }
  }
  const MixerCounters counters = rig.ports->counters.load();
  CHECK(counters.strangers == sent);
  CHECK(counters.packets_received == 4 * kTicks);
  CHECK(counters.messages_dropped == 0);
  CHECK(messages == kTicks);
  CHECK(counters.knocks_dropped > sent / 3);
  CHECK(counters.stranger_messages_dropped > sent / 6);
  for (int slot = 0; slot < 4; ++slot) {
    CHECK(rig.ports->clients[static_cast<size_t>(slot)].load().packets_received == kTicks);
  }
}

TEST_CASE("what comes from port 0 is a stranger's, counted, and told to nobody: it cannot be answered") {
  HandMixer rig(1);
  RawSender sender;
  if (!sender.ok()) {
    CHECK_MESSAGE(geteuid() != 0, "root may open raw sockets");
    return;
  }
  for (const Packet& packet : {kMessage, Packet(74), Packet(74)}) {
    REQUIRE(sender.send(0, rig.socket.port(), packet));
  }
  UdpSocket stranger;
  REQUIRE(stranger.open(local(0)) == 0);
  REQUIRE(stranger.send(local(rig.socket.port()), kMessage) == 0);
  CHECK(soon([&] {
    rig.mixing->turn();
    return rig.ports->counters.load().strangers == 4;
  }));
  CHECK(rig.ports->counters.load().stranger_messages_dropped == 1);
  CHECK(rig.ports->counters.load().knocks_dropped == 2);
  MixerMessage message;
  Packet bytes(kMaxDatagramBytes);
  size_t length = 0;
  REQUIRE(rig.ports->stranger_messages.pop(message, bytes, length));
  CHECK(message.from.port() == stranger.port());
  CHECK(!rig.ports->stranger_messages.pop(message, bytes, length));
  Knock knock;
  CHECK(!rig.ports->knocks.pop(knock));
}
