// The mixer as a JavaScript object.
#pragma once

#include <napi.h>

#include <memory>
#include <vector>

#include "addon/news_callback.h"
#include "mixer/mixer.h"

namespace plugjam {

// Its callback gets one argument, the notice (see src/audio/mixer.ts), on the main loop.
class MixerObject : public Napi::ObjectWrap<MixerObject> {
 public:
  static Napi::Function define(Napi::Env env);
  // new Mixer(address, port, tickFrames, maxClients, onNotice)
  explicit MixerObject(const Napi::CallbackInfo& info);
  ~MixerObject() override;

  // Null when closed.
  const std::shared_ptr<Mixer>& mixer() const { return mixer_; }

 private:
  Napi::Value add_client(const Napi::CallbackInfo& info);
  Napi::Value remove_client(const Napi::CallbackInfo& info);
  Napi::Value set_format(const Napi::CallbackInfo& info);
  Napi::Value admit_to_mix(const Napi::CallbackInfo& info);
  Napi::Value set_gain(const Napi::CallbackInfo& info);
  Napi::Value set_pan(const Napi::CallbackInfo& info);
  Napi::Value set_jitter(const Napi::CallbackInfo& info);
  Napi::Value send(const Napi::CallbackInfo& info);
  Napi::Value client_counters(const Napi::CallbackInfo& info);
  Napi::Value counters(const Napi::CallbackInfo& info);
  Napi::Value turns(const Napi::CallbackInfo& info);
  Napi::Value port(const Napi::CallbackInfo& info);
  Napi::Value refusals(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);

  Mixer& open(const Napi::CallbackInfo& info);
  int to_slot(const Napi::Value& value);
  float to_share(const Napi::Value& value);
  Napi::Value order(const Napi::CallbackInfo& info, const MixerOrder& order);
  void on_news();
  void tell(const MixerNotice& notice);
  void tell(const Knock& knock);
  void tell(const MixerMessage& message, size_t length);
  void shut();

  std::shared_ptr<Mixer> mixer_;
  std::unique_ptr<NewsCallback> news_;
  std::vector<uint8_t> message_ = std::vector<uint8_t>(kMaxDatagramBytes);
};

}  // namespace plugjam
