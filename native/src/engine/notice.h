// News from the audio thread, as small fixed-size values.
#pragma once

#include <cstdint>

#include "pcm/pcm.h"

namespace plugjam {

struct Notice {
  enum class Kind : uint8_t {
    kPeerHeard,     // the first audio datagram of this join, or the first after a silence
    kPeerSilent,    // none for a second
    kAudioStarted,  // the first decoded block of this join goes to the card
    kXrun,          // the card ran over or dry, and goes on; told ten times a second at most
    kCardLost,      // the timer paces the engine from here on
  };
  Kind kind = Kind::kPeerHeard;
  uint32_t join = 0;  // which join it speaks of
  int64_t at_ns = 0;
  PcmFailure failure;  // kCardLost
};

}  // namespace plugjam
