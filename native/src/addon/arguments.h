// Checks and converts what JavaScript hands in. A wrong shape is a bug of the caller and throws.
#pragma once

#include <napi.h>

#include <memory>
#include <string>

#include "codec/audio_format.h"
#include "engine/command.h"
#include "engine/prompt_set.h"
#include "pcm/alsa_pcm.h"

namespace plugjam {

Endpoint to_endpoint(const Napi::Value& value);
AudioFormat to_audio_format(const Napi::Value& value);
ChannelMode to_channel_mode(const Napi::Value& value);
CardRequest to_card_request(const Napi::Value& value);
// An array of Int16Array.
std::unique_ptr<const PromptSet> to_prompts(const Napi::Value& value);
std::span<const uint8_t> to_bytes(const Napi::Value& value);

}  // namespace plugjam
