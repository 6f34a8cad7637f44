// Turns what the engine says into JavaScript values.
#include "addon/results.h"

#include <cstring>

namespace plugjam {

Napi::Object from_endpoint(Napi::Env env, const Endpoint& endpoint) {
  char text[64];
  endpoint.print(text, sizeof(text));
  Napi::Object object = Napi::Object::New(env);
  object["address"] = text;
  object["port"] = endpoint.port();
  return object;
}

Napi::Object from_settings(Napi::Env env, const CardSettings& settings) {
  Napi::Object object = Napi::Object::New(env);
  object["capture"] = settings.capture;
  object["playback"] = settings.playback;
  object["periodFrames"] = settings.period_frames;
  object["periods"] = settings.periods;
  object["sampleFormat"] = snd_pcm_format_name(settings.playback_format);
  object["captureChannels"] = settings.capture_channels;
  object["playbackChannels"] = settings.playback_channels;
  object["linked"] = Napi::Boolean::New(env, settings.linked);
  object["mmap"] = Napi::Boolean::New(env, settings.mmap);
  object["converted"] =
      settings.converted.empty() ? env.Null() : Napi::Value(Napi::String::New(env, settings.converted));
  return object;
}

Napi::Value error_name(Napi::Env env, int error) {
  const char* name = strerrorname_np(error);
  return Napi::String::New(env, name != nullptr ? name : "EUNKNOWN");
}

Napi::Object from_failure(Napi::Env env, const std::string& device, const std::string& call, int error) {
  Napi::Object object = Napi::Object::New(env);
  object["device"] = device;
  object["call"] = call;
  object["code"] = error_name(env, error);
  object["message"] = strerror(error);
  return object;
}

Napi::Object from_counters(Napi::Env env, const Counters& counters) {
  Napi::Object object = Napi::Object::New(env);
  const auto set = [&](const char* name, double value) { object[name] = value; };
  set("xruns", static_cast<double>(counters.xruns));
  set("concealed", static_cast<double>(counters.concealed));
  set("decoded", static_cast<double>(counters.decoded));
  set("late", static_cast<double>(counters.late));
  set("lost", static_cast<double>(counters.lost));
  set("headroomFrames", counters.headroom_frames);
  set("jitterBlocks", counters.jitter_blocks);
  set("jitterMs", counters.jitter_ms);
  object["driftPpm"] =
      counters.drift_known ? Napi::Value(Napi::Number::New(env, counters.drift_ppm)) : env.Null();
  set("packetsSent", static_cast<double>(counters.packets_sent));
  set("packetsReceived", static_cast<double>(counters.packets_received));
  set("wrongSize", static_cast<double>(counters.wrong_size));
  set("strangers", static_cast<double>(counters.strangers));
  set("messagesDropped", static_cast<double>(counters.messages_dropped));
  set("noticesDropped", static_cast<double>(counters.notices_dropped));
  set("sendFailures", static_cast<double>(counters.send_failures));
  return object;
}

Napi::Array from_devices(Napi::Env env, const std::vector<SoundDevice>& devices) {
  Napi::Array array = Napi::Array::New(env, devices.size());
  uint32_t index = 0;
  for (const SoundDevice& device : devices) {
    Napi::Object object = Napi::Object::New(env);
    object["device"] = device.device;
    object["name"] = device.name;
    object["capture"] = Napi::Boolean::New(env, device.capture);
    object["playback"] = Napi::Boolean::New(env, device.playback);
    array[index++] = object;
  }
  return array;
}

}  // namespace plugjam
