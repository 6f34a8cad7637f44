// The mixer's realtime thread: orders, datagrams, one tick of the mix; it sleeps while nobody is there.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <vector>

#include "mixer/address_table.h"
#include "mixer/allowance.h"
#include "mixer/counters.h"
#include "mixer/desk.h"
#include "mixer/notice.h"
#include "mixer/order.h"
#include "net/datagram_batch.h"
#include "net/udp_socket.h"
#include "pcm/tick_timer.h"
#include "rt/datagram_ring.h"
#include "rt/seqlock.h"
#include "rt/spsc_ring.h"
#include "rt/wakeup.h"

namespace plugjam {

// Everything the mixer's thread shares with the rest; each member says who is at its other end.
struct MixerPorts {
  // JavaScript to the mixer's thread, and what wakes it when it sleeps. Full: the one who orders is told.
  SpscRing<MixerOrder, 8192> orders;
  Wakeup order_given;
  // To JavaScript. Full: dropped and counted; the counters tell.
  SpscRing<MixerNotice, 1024> notices;
  SpscRing<Knock, 64> knocks;
  // Two, so that strangers cannot crowd out clients.
  DatagramRing<MixerMessage, 1 << 18> messages;
  DatagramRing<MixerMessage, 1 << 17> stranger_messages;
  Wakeup news;
  // Looked at by anyone.
  Seqlock<MixerCounters> counters;
  // How often the thread has gone round, with or without a tick. It hangs if this stands still for a second.
  std::atomic<uint64_t> turns{0};
  std::array<Seqlock<ClientCounters>, AddressTable::kMostSlots> clients;
  std::atomic<bool> stop{false};
};

class MixerThread final : private DeskOutput {
 public:
  // `address_key` is a random number.
  MixerThread(UdpSocket& socket, MixerPorts& ports, int tick_frames, int slots, uint64_t address_key);

  bool ok() const { return desk_.ok(); }
  // Until `stop` is set and `order_given` rung.
  void run();
  // What run() does each time it has waited.
  void turn();

 private:
  void wait();
  void sleep_until_news();
  void obey(const MixerOrder& order);
  void receive();
  void take(int index, int64_t now_ns);
  void take_from_stranger(const Endpoint& from, std::span<const uint8_t> bytes, bool message, int index,
                          int64_t now_ns);
  void tell(MixerNotice notice);
  uint32_t number(int slot) const { return addresses_[static_cast<size_t>(slot)].number; }
  void flush();
  void publish();

  void send(int slot, std::span<const uint8_t> packet) override;
  void tell_silent(int slot) override;
  void tell_depth(int slot, int blocks) override;

  struct Address {
    sockaddr_storage socket_address{};
    socklen_t length = 0;
    uint32_t number = 0;
  };

  UdpSocket& socket_;
  MixerPorts& ports_;
  Desk desk_;
  TickTimer timer_;
  AddressTable table_;
  std::vector<Address> addresses_;
  IncomingBatch incoming_;
  OutgoingBatch outgoing_;
  Allowance knocks_;
  Allowance stranger_messages_;
  bool ticking_ = false;
  bool backlog_ = false;  // more was waiting than one turn may take
  bool news_ = false;
  MixerCounters counters_;
};

}  // namespace plugjam
