// Orders for the audio thread: small fixed-size values, drained once a period.
#pragma once

#include <variant>

#include "codec/audio_format.h"
#include "engine/prompt_set.h"
#include "net/udp_socket.h"
#include "pcm/pcm.h"

namespace plugjam {

enum class ChannelMode { kMono, kStereo, kMonoInStereoOut };

// Let messages from this address through to JavaScript, or no more.
struct Admit {
  Endpoint peer;
};
struct Dismiss {
  Endpoint peer;
};
struct Join {
  Endpoint server;
  AudioFormat format;
  uint32_t number;  // comes back in the notices of this join
};
struct SetFormat {
  AudioFormat format;
};
struct Leave {};
struct SetInputGain {
  float gain;  // linear
};
struct SetMuted {
  bool muted;
};
// While armed, silence is sent as long as the server's last word is that it records.
struct SetRecordingGuard {
  bool armed;
};
struct SetChannelMode {
  ChannelMode mode;
};
// 0: as deep as the network asks.
struct SetJitter {
  int blocks;
};
// What there is to say; stays as long as the audio thread runs.
struct UsePrompts {
  const PromptSet* prompts;
};
// Into the musician's ears only.
struct PlayPrompt {
  int index;
  int topic;
};
// From now on this card paces the engine; null: the timer. The card before it goes back to its owner.
struct UseCard {
  Pcm* card;
};

using Command = std::variant<Admit, Dismiss, Join, SetFormat, Leave, SetInputGain, SetMuted,
                             SetRecordingGuard, SetChannelMode, SetJitter, UsePrompts, PlayPrompt, UseCard>;

}  // namespace plugjam
