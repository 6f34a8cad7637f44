// What the addon exports: the Engine, Mixer and Recorder classes, the list of sound devices, GPIO lines
// and the way to the service manager.
#include <napi.h>

#include "addon/engine_object.h"
#include "addon/gpio_object.h"
#include "addon/mixer_object.h"
#include "addon/notify_service.h"
#include "addon/recorder_object.h"
#include "addon/results.h"
#include "rt/returned_memory.h"

namespace {

Napi::Value list_devices(const Napi::CallbackInfo& info) {
  return plugjam::from_devices(info.Env(), plugjam::list_sound_devices());
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  plugjam::return_big_blocks();
  exports["Engine"] = plugjam::EngineObject::define(env);
  exports["Mixer"] = plugjam::MixerObject::define(env);
  exports["Recorder"] = plugjam::RecorderObject::define(env);
  exports["listDevices"] = Napi::Function::New(env, list_devices);
  exports["GpioInput"] = plugjam::GpioInputObject::define(env);
  exports["GpioOutput"] = plugjam::GpioOutputObject::define(env);
  exports["notifyService"] = Napi::Function::New(env, plugjam::notify_service);
  exports["readGpioChip"] = Napi::Function::New(env, plugjam::read_gpio_chip_object);
  return exports;
}

}  // namespace

NODE_API_MODULE(plugjam, init)
