// The last datagram: what a dying process sends, so that no ghost of it stays on the server.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>

#include "net/udp_socket.h"

namespace plugjam {

// One per process, since signals are. After a crash signal the datagram goes out, then the signal takes its
// course as if nobody had caught it.
class Farewell {
 public:
  static constexpr size_t kMaxBytes = 32;

  // False: too long. Not to be called from the audio thread.
  static bool arm(const UdpSocket& socket, const Endpoint& server, std::span<const uint8_t> bytes);
  static void disarm();
  // Once true, the audio thread must not send any more: audio after the goodbye would undo it (spec 4.5).
  static bool sent() { return sent_.load(std::memory_order_relaxed); }

 private:
  static void on_crash(int signal);

  static std::atomic<bool> armed_;
  static std::atomic<bool> sent_;
};

}  // namespace plugjam
