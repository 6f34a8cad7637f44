// The engine as a JavaScript object.
#pragma once

#include <napi.h>

#include <memory>
#include <vector>

#include "addon/news_callback.h"
#include "engine/engine.h"

namespace plugjam {

// Its callback gets one argument, the notice (see src/audio/engine.ts), on the main loop.
class EngineObject : public Napi::ObjectWrap<EngineObject> {
 public:
  static Napi::Function define(Napi::Env env);
  // new Engine(port, onNotice)
  explicit EngineObject(const Napi::CallbackInfo& info);
  ~EngineObject() override;

 private:
  Napi::Value open_card(const Napi::CallbackInfo& info);
  Napi::Value join(const Napi::CallbackInfo& info);
  Napi::Value set_format(const Napi::CallbackInfo& info);
  Napi::Value leave(const Napi::CallbackInfo& info);
  Napi::Value admit(const Napi::CallbackInfo& info);
  Napi::Value dismiss(const Napi::CallbackInfo& info);
  Napi::Value send(const Napi::CallbackInfo& info);
  Napi::Value set_farewell(const Napi::CallbackInfo& info);
  Napi::Value set_input_gain(const Napi::CallbackInfo& info);
  Napi::Value set_muted(const Napi::CallbackInfo& info);
  Napi::Value set_recording_guard(const Napi::CallbackInfo& info);
  Napi::Value set_channel_mode(const Napi::CallbackInfo& info);
  Napi::Value set_jitter(const Napi::CallbackInfo& info);
  Napi::Value set_prompts(const Napi::CallbackInfo& info);
  Napi::Value play_prompt(const Napi::CallbackInfo& info);
  Napi::Value levels(const Napi::CallbackInfo& info);
  Napi::Value counters(const Napi::CallbackInfo& info);
  Napi::Value timing(const Napi::CallbackInfo& info);
  Napi::Value turns(const Napi::CallbackInfo& info);
  Napi::Value port(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);
  Napi::Value refusals(const Napi::CallbackInfo& info);

  Engine& engine(const Napi::CallbackInfo& info);
  Napi::Value order(const Napi::CallbackInfo& info, const Command& command);
  void on_news();
  void tell(const Notice& notice);
  void shut();

  std::shared_ptr<Engine> engine_;
  std::unique_ptr<NewsCallback> news_;
  std::vector<uint8_t> message_ = std::vector<uint8_t>(kMaxDatagramBytes);
  std::shared_ptr<CardSettings> card_ = std::make_shared<CardSettings>();
};

}  // namespace plugjam
