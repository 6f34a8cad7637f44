// The realtime thread: one period of sound at a time, paced by the card or, without one, by a timer.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "engine/card_fill.h"
#include "engine/command.h"
#include "engine/counters.h"
#include "engine/notice.h"
#include "engine/pipeline.h"
#include "engine/recording_guard.h"
#include "engine/thread_timing.h"
#include "net/udp_socket.h"
#include "pcm/timer_pcm.h"
#include "rt/datagram_ring.h"
#include "rt/seqlock.h"
#include "rt/spsc_ring.h"
#include "rt/wakeup.h"

namespace plugjam {

// A message's way to JavaScript: who sent it and when it came in.
struct MessageHeader {
  Endpoint from;
  int64_t at_ns = 0;
};

// Everything the audio thread shares with the rest; each member says who is at its other end.
struct AudioThreadPorts {
  // Other threads, one at a time, to the audio thread. Full: the one who orders is told.
  SpscRing<Command, 256> commands;
  // To JavaScript. Full: dropped and counted; the counters tell.
  SpscRing<Notice, 64> notices;
  DatagramRing<MessageHeader, 1 << 18> messages;
  Wakeup wakeup;
  // Looked at by anyone.
  Seqlock<Counters> counters;
  ThreadTiming timing;
  // How often the audio thread has gone round, whatever came of it. It hangs if this stands still for a
  // second.
  std::atomic<uint64_t> turns{0};
  // A card the audio thread has let go of, for its owner to take and close.
  std::atomic<Pcm*> returned{nullptr};
  // A card is in the audio thread's hands.
  std::atomic<bool> holds_card{false};
  std::atomic<bool> stop{false};
};

class AudioThread final : private PacketSink {
 public:
  AudioThread(UdpSocket& socket, AudioThreadPorts& ports);

  bool ok() const { return pipeline_.ok(); }
  // Until `stop`.
  void run();

 private:
  static constexpr int kMostPeers = 16;
  // Datagrams looked at in one period; what is left waits in the kernel for the next.
  static constexpr int kMostDatagrams = 64;
  static constexpr int kTimerPeriodFrames = 64;

  void period();
  void obey(const Command& command);
  void use_card(Pcm* card);
  void lose_card();
  void receive();
  bool play();
  void mute();
  bool admitted(const Endpoint& peer) const;
  void tell(Notice::Kind kind, PcmFailure failure = {});
  void stumble();
  void send(std::span<const uint8_t> packet) override;

  UdpSocket& socket_;
  AudioThreadPorts& ports_;
  Pipeline pipeline_;
  TimerPcm timer_{kTimerPeriodFrames};
  Pcm* pcm_ = &timer_;
  CardFill fill_;
  Endpoint server_;
  uint32_t join_ = 0;
  int64_t stumbled_ns_ = 0;
  bool muted_ = false;
  RecordingGuard guard_;
  std::array<Endpoint, kMostPeers> peers_;
  int peer_count_ = 0;
  Counters counters_;
  bool news_ = false;
  std::array<float, (kMostPeriodFrames + CardFill::kMostMore) * 2> frames_{};
  std::array<uint8_t, kMaxDatagramBytes> datagram_{};
};

}  // namespace plugjam
