// The recorder as a JavaScript object.
#pragma once

#include <napi.h>

#include <memory>

#include "addon/news_callback.h"
#include "recorder/recorder.h"

namespace plugjam {

// Its callback gets one argument, the notice (see src/audio/native-recorder.ts), on the main loop.
class RecorderObject : public Napi::ObjectWrap<RecorderObject> {
 public:
  static Napi::Function define(Napi::Env env);
  // new Recorder(mixer, folder, bits, onNotice); one for each mixer
  explicit RecorderObject(const Napi::CallbackInfo& info);
  ~RecorderObject() override;

 private:
  Napi::Value start(const Napi::CallbackInfo& info);
  Napi::Value stop(const Napi::CallbackInfo& info);
  Napi::Value new_session(const Napi::CallbackInfo& info);
  Napi::Value include(const Napi::CallbackInfo& info);
  Napi::Value exclude(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);

  Recorder& open(const Napi::CallbackInfo& info);
  void on_news();
  void tell(const RecorderNotice& notice);
  void shut();

  std::unique_ptr<Recorder> recorder_;
  std::unique_ptr<NewsCallback> news_;
};

}  // namespace plugjam
