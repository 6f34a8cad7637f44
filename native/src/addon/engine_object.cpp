// The engine as a JavaScript object.
#include "addon/engine_object.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "addon/arguments.h"
#include "addon/card_worker.h"
#include "addon/results.h"
#include "engine/farewell.h"

namespace plugjam {
namespace {

constexpr float kQuietestDb = -120.0f;

double to_db(float peak) { return peak > 1e-6f ? 20.0f * std::log10(peak) : kQuietestDb; }

Napi::Array from_levels(Napi::Env env, const std::array<float, 2>& levels) {
  Napi::Array array = Napi::Array::New(env, levels.size());
  for (uint32_t i = 0; i < levels.size(); ++i) array[i] = to_db(levels[i]);
  return array;
}

}  // namespace

Napi::Function EngineObject::define(Napi::Env env) {
  using E = EngineObject;
  return DefineClass(env, "Engine",
                     {
                         InstanceMethod<&E::open_card>("openCard"),
                         InstanceMethod<&E::join>("join"),
                         InstanceMethod<&E::set_format>("setFormat"),
                         InstanceMethod<&E::leave>("leave"),
                         InstanceMethod<&E::admit>("admit"),
                         InstanceMethod<&E::dismiss>("dismiss"),
                         InstanceMethod<&E::send>("send"),
                         InstanceMethod<&E::set_farewell>("setFarewell"),
                         InstanceMethod<&E::set_input_gain>("setInputGain"),
                         InstanceMethod<&E::set_muted>("setMuted"),
                         InstanceMethod<&E::set_recording_guard>("setRecordingGuard"),
                         InstanceMethod<&E::set_channel_mode>("setChannelMode"),
                         InstanceMethod<&E::set_jitter>("setJitter"),
                         InstanceMethod<&E::set_prompts>("setPrompts"),
                         InstanceMethod<&E::play_prompt>("playPrompt"),
                         InstanceMethod<&E::levels>("levels"),
                         InstanceMethod<&E::counters>("counters"),
                         InstanceMethod<&E::timing>("timing"),
                         InstanceMethod<&E::turns>("turns"),
                         InstanceMethod<&E::port>("port"),
                         InstanceMethod<&E::refusals>("refusals"),
                         InstanceMethod<&E::close>("close"),
                     });
}

EngineObject::EngineObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<EngineObject>(info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsNumber() || !info[1].IsFunction()) {
    throw Napi::TypeError::New(env, "Engine takes a port and a function");
  }
  int error = 0;
  engine_ = Engine::create(static_cast<uint16_t>(info[0].As<Napi::Number>().Uint32Value()), error);
  if (engine_ == nullptr) {
    Napi::Error failure =
        Napi::Error::New(env, std::string("The sound engine did not start: ") + strerror(error));
    failure.Set("code", error_name(env, error));
    throw failure;
  }
  news_ = std::make_unique<NewsCallback>(env, "plugjam.engine", info[1], engine_->news_fd(),
                                         [this] { on_news(); });
  Ref();  // lives until close(), as its thread does
}

EngineObject::~EngineObject() { shut(); }

void EngineObject::shut() {
  Farewell::disarm();
  if (news_ != nullptr) news_->stop();
  engine_.reset();
}

Engine& EngineObject::engine(const Napi::CallbackInfo& info) {
  if (engine_ == nullptr) throw Napi::Error::New(info.Env(), "The sound engine is closed");
  return *engine_;
}

Napi::Value EngineObject::order(const Napi::CallbackInfo& info, const Command& command) {
  return Napi::Boolean::New(info.Env(), engine(info).order(command));
}

Napi::Value EngineObject::open_card(const Napi::CallbackInfo& info) {
  engine(info);
  auto* worker = new CardWorker(info.Env(), engine_, to_card_request(info[0]), card_);
  worker->Queue();  // deletes itself
  return worker->promise();
}

Napi::Value EngineObject::join(const Napi::CallbackInfo& info) {
  return order(info, Join{to_endpoint(info[0]), to_audio_format(info[1]), info[2].ToNumber().Uint32Value()});
}

Napi::Value EngineObject::set_format(const Napi::CallbackInfo& info) {
  return order(info, SetFormat{to_audio_format(info[0])});
}

Napi::Value EngineObject::leave(const Napi::CallbackInfo& info) { return order(info, Leave{}); }

Napi::Value EngineObject::admit(const Napi::CallbackInfo& info) {
  return order(info, Admit{to_endpoint(info[0])});
}

Napi::Value EngineObject::dismiss(const Napi::CallbackInfo& info) {
  return order(info, Dismiss{to_endpoint(info[0])});
}

Napi::Value EngineObject::send(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), engine(info).send(to_endpoint(info[0]), to_bytes(info[1])) == 0);
}

Napi::Value EngineObject::set_farewell(const Napi::CallbackInfo& info) {
  if (info[0].IsNull()) {
    Farewell::disarm();
    return Napi::Boolean::New(info.Env(), true);
  }
  const Endpoint server = to_endpoint(info[0]);
  return Napi::Boolean::New(info.Env(), Farewell::arm(engine(info).socket(), server, to_bytes(info[1])));
}

Napi::Value EngineObject::set_input_gain(const Napi::CallbackInfo& info) {
  return order(info, SetInputGain{info[0].ToNumber().FloatValue()});
}

Napi::Value EngineObject::set_muted(const Napi::CallbackInfo& info) {
  return order(info, SetMuted{info[0].ToBoolean().Value()});
}

Napi::Value EngineObject::set_recording_guard(const Napi::CallbackInfo& info) {
  return order(info, SetRecordingGuard{info[0].ToBoolean().Value()});
}

Napi::Value EngineObject::set_channel_mode(const Napi::CallbackInfo& info) {
  return order(info, SetChannelMode{to_channel_mode(info[0])});
}

Napi::Value EngineObject::set_jitter(const Napi::CallbackInfo& info) {
  return order(info, SetJitter{info[0].ToNumber().Int32Value()});
}

Napi::Value EngineObject::set_prompts(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), engine(info).set_prompts(to_prompts(info[0])));
}

Napi::Value EngineObject::play_prompt(const Napi::CallbackInfo& info) {
  return order(info, PlayPrompt{info[0].ToNumber().Int32Value(), info[1].ToNumber().Int32Value()});
}

Napi::Value EngineObject::levels(const Napi::CallbackInfo& info) {
  const Counters counters = engine(info).counters();
  Napi::Object object = Napi::Object::New(info.Env());
  object["capture"] = from_levels(info.Env(), counters.capture_levels);
  object["playback"] = from_levels(info.Env(), counters.playback_levels);
  return object;
}

Napi::Value EngineObject::counters(const Napi::CallbackInfo& info) {
  return from_counters(info.Env(), engine(info).counters());
}

// { latenessMs, workShare }, each { p50, p999, max }.
Napi::Value EngineObject::timing(const Napi::CallbackInfo& info) {
  const ThreadTiming& timing = engine(info).timing();
  const auto from_figures = [&](const TimingFigures& figures) {
    Napi::Object object = Napi::Object::New(info.Env());
    object["p50"] = figures.middle;
    object["p999"] = figures.most_but;
    object["max"] = figures.most;
    return object;
  };
  Napi::Object object = Napi::Object::New(info.Env());
  object["latenessMs"] = from_figures(timing.lateness_ms());
  object["workShare"] = from_figures(timing.work_share());
  return object;
}

Napi::Value EngineObject::turns(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(engine(info).turns()));
}

Napi::Value EngineObject::port(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), engine(info).port());
}

// What the system would not grant: { priority, memory }, each null or the name of an error.
Napi::Value EngineObject::refusals(const Napi::CallbackInfo& info) {
  const RealtimeGrant& grant = engine(info).grant();
  const auto name = [&](int error) { return error == 0 ? info.Env().Null() : error_name(info.Env(), error); };
  Napi::Object object = Napi::Object::New(info.Env());
  object["priority"] = name(grant.priority_errno);
  object["memory"] = name(grant.memory_errno);
  return object;
}

Napi::Value EngineObject::close(const Napi::CallbackInfo& info) {
  if (engine_ != nullptr) {
    shut();
    Unref();
  }
  return info.Env().Undefined();
}

void EngineObject::on_news() {
  engine_->clear_news();
  engine_->collect_returned_card();
  // What comes first is told first: a message that follows `heard` must find it heard.
  for (Notice notice; engine_ != nullptr && engine_->next_notice(notice);) tell(notice);
  MessageHeader header;
  for (size_t length = 0; engine_ != nullptr && engine_->next_message(header, message_, length);) {
    Napi::Object object = Napi::Object::New(Env());
    object["kind"] = "message";
    object["from"] = from_endpoint(Env(), header.from);
    Napi::Uint8Array bytes = Napi::Uint8Array::New(Env(), length);
    std::memcpy(bytes.Data(), message_.data(), length);
    object["bytes"] = bytes;
    object["receivedAtMs"] = static_cast<double>(header.at_ns) / 1e6;
    news_->call(Value(), {object});
  }
}

void EngineObject::tell(const Notice& notice) {
  Napi::Object object = Napi::Object::New(Env());
  object["atMs"] = static_cast<double>(notice.at_ns) / 1e6;
  object["join"] = notice.join;
  switch (notice.kind) {
    case Notice::Kind::kPeerHeard:
      object["kind"] = "peer.heard";
      break;
    case Notice::Kind::kPeerSilent:
      object["kind"] = "peer.silent";
      break;
    case Notice::Kind::kAudioStarted:
      object["kind"] = "audio.started";
      break;
    case Notice::Kind::kXrun:
      object["kind"] = "card.xrun";
      break;
    case Notice::Kind::kCardLost:
      object["kind"] = "card.lost";
      object["failure"] = from_failure(Env(), notice.failure.capture ? card_->capture : card_->playback,
                                       notice.failure.call, notice.failure.error);
      break;
  }
  news_->call(Value(), {object});
}

}  // namespace plugjam
