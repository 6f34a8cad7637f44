// Orders for the mixer's thread: small fixed-size values, drained once a tick.
#pragma once

#include <cstdint>
#include <variant>

#include "codec/audio_format.h"
#include "net/udp_socket.h"
#include "recorder/recorder_tap.h"

namespace plugjam {

// From here on datagrams of this address are this client's. The slot is free.
struct AddClient {
  int slot;
  Endpoint endpoint;
  uint32_t number;  // comes back in what is told of this client
};
struct RemoveClient {
  int slot;
};
struct SetClientFormat {
  int slot;
  AudioFormat format;
};
// The client begins to be heard, and to be sent its mix.
struct AdmitToMix {
  int slot;
};
struct SetGain {
  int listener;
  int source;
  float gain;  // 0 … 1
};
struct SetPan {
  int listener;
  int source;
  float pan;  // 0 left … 1 right
};
// 0: as deep as the network asks.
struct SetClientJitter {
  int slot;
  int blocks;
};

// The tap outlives the mixer.
struct UseTap {
  RecorderTap* tap;
};
// What comes from this client goes to the tap from now on, as this track; RecorderTap::kNoTrack: no longer.
struct RecordClient {
  int slot;
  uint32_t track;
};

using MixerOrder = std::variant<AddClient, RemoveClient, SetClientFormat, AdmitToMix, SetGain, SetPan,
                                SetClientJitter, UseTap, RecordClient>;

}  // namespace plugjam
