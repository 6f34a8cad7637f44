// Turns what the engine says into JavaScript values.
#pragma once

#include <napi.h>

#include "engine/counters.h"
#include "engine/notice.h"
#include "net/udp_socket.h"
#include "pcm/alsa_pcm.h"
#include "pcm/device_list.h"

namespace plugjam {

Napi::Object from_endpoint(Napi::Env env, const Endpoint& endpoint);
Napi::Object from_settings(Napi::Env env, const CardSettings& settings);
// `error` as its name, such as EBUSY, with the system's words for it.
Napi::Object from_failure(Napi::Env env, const std::string& device, const std::string& call, int error);
Napi::Object from_counters(Napi::Env env, const Counters& counters);
Napi::Array from_devices(Napi::Env env, const std::vector<SoundDevice>& devices);
Napi::Value error_name(Napi::Env env, int error);

}  // namespace plugjam
