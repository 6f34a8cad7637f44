// The recorder as a JavaScript object.
#include "addon/recorder_object.h"

#include <string>

#include "addon/mixer_object.h"
#include "addon/results.h"

namespace plugjam {
namespace {

Napi::Object from_session(Napi::Env env, const RecordedSession& session) {
  Napi::Array files = Napi::Array::New(env, session.files.size());
  for (uint32_t i = 0; i < session.files.size(); ++i) {
    const RecordedFile& file = session.files[i];
    Napi::Object object = Napi::Object::New(env);
    object["name"] = file.name;
    object["label"] = file.label;
    object["slot"] = file.slot;
    object["start"] = static_cast<double>(file.start);
    object["frames"] = static_cast<double>(file.frames);
    files[i] = object;
  }
  Napi::Array gaps = Napi::Array::New(env, session.gaps.size());
  for (uint32_t i = 0; i < session.gaps.size(); ++i) {
    Napi::Object object = Napi::Object::New(env);
    object["start"] = static_cast<double>(session.gaps[i].start);
    object["frames"] = static_cast<double>(session.gaps[i].frames);
    gaps[i] = object;
  }
  Napi::Object object = Napi::Object::New(env);
  object["folder"] = session.folder;
  object["files"] = files;
  object["gaps"] = gaps;
  return object;
}

}  // namespace

Napi::Function RecorderObject::define(Napi::Env env) {
  using R = RecorderObject;
  return DefineClass(env, "Recorder",
                     {
                         InstanceMethod<&R::start>("start"),
                         InstanceMethod<&R::stop>("stop"),
                         InstanceMethod<&R::new_session>("newSession"),
                         InstanceMethod<&R::include>("include"),
                         InstanceMethod<&R::exclude>("exclude"),
                         InstanceMethod<&R::close>("close"),
                     });
}

RecorderObject::RecorderObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<RecorderObject>(info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsObject() || !info[1].IsString() || !info[2].IsNumber() || !info[3].IsFunction()) {
    throw Napi::TypeError::New(env, "Recorder takes a mixer, a folder, 16 or 24 bits and a function");
  }
  const std::shared_ptr<Mixer> mixer = MixerObject::Unwrap(info[0].As<Napi::Object>())->mixer();
  if (mixer == nullptr) throw Napi::Error::New(env, "The mixer is closed");
  const Depth depth = info[2].As<Napi::Number>().Int32Value() == 24 ? Depth::kTwentyFour : Depth::kSixteen;
  const auto tap = std::make_shared<RecorderTap>(mixer->slots(), mixer->tick_frames(), depth);
  if (!mixer->use_tap(tap)) throw Napi::Error::New(env, "The mixer has a recorder, or takes no orders");
  RecordingPlace place;
  place.folder = info[1].As<Napi::String>();
  place.depth = depth;
  // A mixer that is closed has nobody left to record.
  const auto order = [mixer = std::weak_ptr<Mixer>(mixer)](int slot, uint32_t track) {
    const std::shared_ptr<Mixer> open = mixer.lock();
    return open == nullptr || open->order(RecordClient{slot, track});
  };
  recorder_ = std::make_unique<Recorder>(tap, place, order);
  news_ = std::make_unique<NewsCallback>(env, "plugjam.recorder", info[3], recorder_->news_fd(),
                                         [this] { on_news(); });
  Ref();  // lives until all is written, as its thread does
}

RecorderObject::~RecorderObject() { shut(); }

void RecorderObject::shut() {
  if (news_ != nullptr) news_->stop();
  recorder_.reset();
}

Recorder& RecorderObject::open(const Napi::CallbackInfo& info) {
  if (recorder_ == nullptr) throw Napi::Error::New(info.Env(), "The recorder is closed");
  return *recorder_;
}

Napi::Value RecorderObject::start(const Napi::CallbackInfo& info) {
  open(info).start();
  return info.Env().Undefined();
}

Napi::Value RecorderObject::stop(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), open(info).stop());
}

Napi::Value RecorderObject::new_session(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), open(info).new_session());
}

Napi::Value RecorderObject::include(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(),
                            open(info).include(info[0].ToNumber().Int32Value(), info[1].ToString()));
}

Napi::Value RecorderObject::exclude(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), open(info).exclude(info[0].ToNumber().Int32Value()));
}

Napi::Value RecorderObject::close(const Napi::CallbackInfo& info) {
  open(info).close();
  return info.Env().Undefined();
}

void RecorderObject::on_news() {
  recorder_->clear_news();
  for (RecorderNotice notice; recorder_ != nullptr && recorder_->next_notice(notice);) {
    const bool last = notice.kind == RecorderNotice::Kind::kClosed;
    if (last) shut();
    tell(notice);
    if (last) Unref();
  }
}

void RecorderObject::tell(const RecorderNotice& notice) {
  Napi::Object object = Napi::Object::New(Env());
  switch (notice.kind) {
    case RecorderNotice::Kind::kWriting:
      object["kind"] = "writing";
      object["writing"] = notice.writing;
      break;
    case RecorderNotice::Kind::kSession:
      object["kind"] = "session";
      object["session"] = from_session(Env(), notice.session);
      break;
    case RecorderNotice::Kind::kFailed:
      object["kind"] = "failed";
      object["code"] = error_name(Env(), notice.error);
      break;
    case RecorderNotice::Kind::kClosed:
      object["kind"] = "closed";
      break;
  }
  news_->call(Value(), {object});
}

}  // namespace plugjam
