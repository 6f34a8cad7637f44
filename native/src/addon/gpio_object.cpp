// Lines of GPIO chips as JavaScript objects (see src/lib/native-gpio.ts).
#include "addon/gpio_object.h"

#include <cerrno>
#include <cstring>
#include <string>

#include "addon/results.h"
#include "gpio/gpio_chip.h"

namespace plugjam {
namespace {

void check(Napi::Env env, int error, const char* call) {
  if (error == 0) return;
  Napi::Error failure = Napi::Error::New(env, std::string(call) + ": " + strerror(error));
  failure.Set("code", error_name(env, error));
  throw failure;
}

struct Place {
  std::string chip;
  uint32_t line;
  bool active_low;
};

Place to_place(const Napi::CallbackInfo& info) {
  if (!info[0].IsString() || !info[1].IsNumber() || !info[2].IsBoolean()) {
    throw Napi::TypeError::New(info.Env(), "a GPIO line takes a chip's path, a number and a boolean");
  }
  return {info[0].As<Napi::String>(), info[1].As<Napi::Number>(), info[2].As<Napi::Boolean>()};
}

}  // namespace

Napi::Function GpioInputObject::define(Napi::Env env) {
  using I = GpioInputObject;
  return DefineClass(env, "GpioInput",
                     {
                         InstanceMethod<&I::is_active>("isActive"),
                         InstanceMethod<&I::take>("take"),
                         InstanceMethod<&I::close>("close"),
                     });
}

GpioInputObject::GpioInputObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<GpioInputObject>(info) {
  const Napi::Env env = info.Env();
  const Place place = to_place(info);
  if (!info[3].IsNumber() || !info[4].IsFunction()) {
    throw Napi::TypeError::New(env, "a GPIO input takes a debounce period and a function");
  }
  const uint32_t debounce_us = info[3].As<Napi::Number>();
  check(env, line_.open_input(place.chip.c_str(), place.line, place.active_low, debounce_us), "GPIO input");
  news_ = std::make_unique<NewsCallback>(env, "plugjam.gpio", info[4], line_.fd(),
                                         [this] { news_->call(Value()); });
  Ref();  // lives until close(), as the line does
}

Napi::Value GpioInputObject::is_active(const Napi::CallbackInfo& info) {
  bool active = false;
  check(info.Env(), line_.get(active), "GPIO read");
  return Napi::Boolean::New(info.Env(), active);
}

// All edges that wait, oldest first: [{ active, atMs }].
Napi::Value GpioInputObject::take(const Napi::CallbackInfo& info) {
  Napi::Array edges = Napi::Array::New(info.Env());
  GpioEdge edge;
  int error = 0;
  while ((error = line_.next_edge(edge)) == 0) {
    Napi::Object object = Napi::Object::New(info.Env());
    object["active"] = edge.active;
    object["atMs"] = static_cast<double>(edge.at_ns) / 1e6;
    edges[edges.Length()] = object;
  }
  if (error != EAGAIN) {
    news_->stop();  // the chip is gone: the file would stay readable for ever
    check(info.Env(), error, "GPIO events");
  }
  return edges;
}

Napi::Value GpioInputObject::close(const Napi::CallbackInfo& info) {
  if (line_.fd() >= 0) {
    news_->stop();
    line_.close();
    Unref();
  }
  return info.Env().Undefined();
}

Napi::Function GpioOutputObject::define(Napi::Env env) {
  using O = GpioOutputObject;
  return DefineClass(env, "GpioOutput", {InstanceMethod<&O::set>("set"), InstanceMethod<&O::close>("close")});
}

GpioOutputObject::GpioOutputObject(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<GpioOutputObject>(info) {
  const Place place = to_place(info);
  check(info.Env(), line_.open_output(place.chip.c_str(), place.line, place.active_low), "GPIO output");
}

Napi::Value GpioOutputObject::set(const Napi::CallbackInfo& info) {
  check(info.Env(), line_.set(info[0].ToBoolean()), "GPIO write");
  return info.Env().Undefined();
}

Napi::Value GpioOutputObject::close(const Napi::CallbackInfo& info) {
  line_.close();
  return info.Env().Undefined();
}

Napi::Value read_gpio_chip_object(const Napi::CallbackInfo& info) {
  GpioChip chip;
  const std::string path = info[0].ToString();
  check(info.Env(), read_gpio_chip(path.c_str(), chip), "GPIO chip");
  Napi::Object object = Napi::Object::New(info.Env());
  object["label"] = chip.label;
  object["lines"] = chip.lines;
  return object;
}

}  // namespace plugjam
