// Running totals of the mixer's thread, published once a tick.
#pragma once

#include <cstdint>

namespace plugjam {

struct MixerCounters {
  uint64_t ticks = 0;
  uint64_t late_ticks = 0;  // began more than one tick late
  uint64_t encoded = 0;     // blocks
  uint64_t packets_sent = 0;
  uint64_t packets_received = 0;
  uint64_t strangers = 0;  // datagrams of addresses that are no client's
  uint64_t stranger_bytes = 0;
  uint64_t knocks_dropped = 0;
  uint64_t messages_dropped = 0;
  uint64_t stranger_messages_dropped = 0;
  uint64_t notices_dropped = 0;
  uint64_t send_failures = 0;
};

// Of one client since it was added.
struct ClientCounters {
  uint64_t packets_received = 0;
  uint64_t wrong_size = 0;
  uint64_t concealed = 0;
  uint32_t jitter_blocks = 0;
  uint32_t level = 0;  // 0 … 9
};

}  // namespace plugjam
