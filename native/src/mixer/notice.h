// News from the mixer's thread, as small fixed-size values.
#pragma once

#include <cstdint>

#include "net/udp_socket.h"

namespace plugjam {

struct MixerNotice {
  enum class Kind : uint8_t {
    kClientSilent,  // no audio datagram for 30 s
    kClientJitter,  // its jitter buffer has found another depth
  };
  Kind kind = Kind::kClientSilent;
  int slot = 0;
  uint32_t client = 0;  // the number it was added with: the slot may be another's by now
  int blocks = 0;       // kClientJitter
  int64_t at_ns = 0;
};

// A datagram that is no message, of an address that is no client's.
struct Knock {
  Endpoint from;
  uint32_t bytes = 0;
  int64_t at_ns = 0;
};

constexpr int kNobody = -1;

// A message's way to JavaScript: who sent it and when it came in.
struct MixerMessage {
  Endpoint from;
  int slot = kNobody;
  uint32_t client = 0;  // as above
  int64_t at_ns = 0;
};

}  // namespace plugjam
