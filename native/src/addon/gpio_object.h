// Lines of GPIO chips as JavaScript objects (see src/lib/native-gpio.ts).
#pragma once

#include <napi.h>

#include <memory>

#include "addon/news_callback.h"
#include "gpio/gpio_line.h"

namespace plugjam {

// Calls back on the main loop when edges wait to be taken. Errors of the system are thrown with their code.
class GpioInputObject : public Napi::ObjectWrap<GpioInputObject> {
 public:
  static Napi::Function define(Napi::Env env);
  // new GpioInput(chip, line, activeLow, debounceUs, onEdges)
  explicit GpioInputObject(const Napi::CallbackInfo& info);

 private:
  Napi::Value is_active(const Napi::CallbackInfo& info);
  Napi::Value take(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);

  GpioLine line_;
  std::unique_ptr<NewsCallback> news_;
};

class GpioOutputObject : public Napi::ObjectWrap<GpioOutputObject> {
 public:
  static Napi::Function define(Napi::Env env);
  // new GpioOutput(chip, line, activeLow)
  explicit GpioOutputObject(const Napi::CallbackInfo& info);

 private:
  Napi::Value set(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);

  GpioLine line_;
};

// readGpioChip(path): { label, lines }
Napi::Value read_gpio_chip_object(const Napi::CallbackInfo& info);

}  // namespace plugjam
