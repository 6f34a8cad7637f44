// The mixer's thread allocates nothing, locks nothing and calls nothing beyond its list, in 10^5 ticks.
#ifndef PLUGJAM_SANITIZED  // the sanitizers allocate and call the system themselves

#include <doctest/doctest.h>

#include <memory>
#include <thread>
#include <vector>

#include "mixer/desk_rig.h"
#include "mixer/mixer_thread.h"
#include "rt/realtime_scope.h"
#include "support/realtime_watch.h"

using namespace plugjam;
using namespace plugjam::test;

TEST_CASE("10^5 ticks for 20 clients without an allocation, a lock or a system call beyond the list") {
  constexpr int kTicks = 100'000;
  constexpr int kClients = 20;
  UdpSocket socket;
  REQUIRE(socket.open(0) == 0);
  Endpoint mixer;
  REQUIRE(Endpoint::parse("127.0.0.1", socket.port(), mixer));
  auto ports = std::make_unique<MixerPorts>();
  auto mixing = std::make_unique<MixerThread>(socket, *ports, 64, kClients, 1);
  REQUIRE(mixing->ok());

  std::vector<std::unique_ptr<UdpSocket>> clients;
  std::vector<Endpoint> endpoints(kClients);
  for (int slot = 0; slot < kClients; ++slot) {
    clients.push_back(std::make_unique<UdpSocket>());
    REQUIRE(clients.back()->open(0) == 0);
    REQUIRE(Endpoint::parse("127.0.0.1", clients.back()->port(), endpoints[static_cast<size_t>(slot)]));
  }
  UdpSocket stranger;
  REQUIRE(stranger.open(0) == 0);

  forget_misdeeds();
  std::atomic<bool> done{false};
  std::thread thread([&] {
    watch_system_calls();
    // A moment by the clock, asleep and awake; then in haste.
    mixing->run();
    for (int tick = 0; tick < kTicks; ++tick) {
      RealtimeScope realtime;
      mixing->turn();
    }
    done = true;
  });

  // Meanwhile: every kind of order, audio, messages, and rubbish.
  const AudioFormat formats[] = {opus_format(64, 2), opus_format(64, 1), opus_format(128, 2),
                                 raw_format(64, 2),  opus_format(64, 2), {128, 1, 45, 2, false}};
  const uint8_t client_id[] = {0, 0, 0x20, 0, 0, 1, 0, 0, 0xF9, 0xCC};
  Random random(3);
  std::vector<bool> present(kClients);
  const auto order = [&](const MixerOrder& order) {
    ports->orders.push(order);
    ports->order_given.ring();
  };
  for (int round = 0; !done; ++round) {
    const int slot = random.below(kClients);
    const auto at = static_cast<size_t>(slot);
    if (!present[at]) {
      order(AddClient{slot, endpoints[at], static_cast<uint32_t>(round)});
      order(SetClientFormat{slot, formats[slot % 6]});
      order(AdmitToMix{slot});
      present[at] = true;
    } else if (random.below(50) == 0) {
      order(RemoveClient{slot});
      present[at] = false;
    }
    if (random.below(10) == 0) order(SetClientFormat{slot, formats[random.below(6)]});
    if (random.below(5) == 0) order(SetGain{slot, random.below(kClients), random.part()});
    if (random.below(5) == 0) order(SetPan{slot, random.below(kClients), random.part()});
    if (random.below(5) == 0) order(SetGain{slot, random.below(kClients), 1.0f});
    if (random.below(20) == 0) order(SetClientJitter{slot, random.below(21)});
    // Six of them play; the others listen.
    for (int client = 0; client < 6; ++client) {
      const Packet packet(static_cast<size_t>(formats[client % 6].packet_bytes()),
                          static_cast<uint8_t>(round));
      for (int i = 0; i < 20; ++i) clients[static_cast<size_t>(client)]->send(mixer, packet);
    }
    clients[at]->send(mixer, client_id);
    stranger.send(mixer, client_id);
    stranger.send(mixer, Packet(74));
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    if (round == 500) {
      ports->stop = true;
      ports->order_given.ring();
    }
    ports->news.clear();
    for (MixerNotice notice; ports->notices.pop(notice);) continue;
    for (Knock knock; ports->knocks.pop(knock);) continue;
    MixerMessage message;
    uint8_t bytes[kMaxDatagramBytes];
    size_t length = 0;
    while (ports->messages.pop(message, bytes, length)) CHECK(length == sizeof(client_id));
    while (ports->stranger_messages.pop(message, bytes, length)) CHECK(message.slot == kNobody);
  }
  thread.join();

  const Misdeeds found = misdeeds();
  CAPTURE(found.last_system_call);
  CHECK(found.allocations == 0);
  CHECK(found.locks == 0);
  CHECK(found.system_calls == 0);

  // It was no idle run.
  const MixerCounters counters = ports->counters.load();
  CHECK(counters.ticks > kTicks * 9 / 10);
  CHECK(counters.packets_received > kTicks);
  CHECK(counters.packets_sent > 10 * kTicks);
  CHECK(counters.encoded > kTicks);
  CHECK(counters.strangers > 0);
}

#endif
