// The mixer as a JavaScript object.
#include "addon/mixer_object.h"

#include <cstring>
#include <string>

#include "addon/arguments.h"
#include "addon/results.h"

namespace plugjam {
namespace {

// Messages told in one go, so that the main loop gets round to other things even in a flood.
constexpr int kMessagesAtOnce = 256;
constexpr int kStrangerMessagesAtOnce = 64;

Napi::Object from_mixer_counters(Napi::Env env, const MixerCounters& counters) {
  Napi::Object object = Napi::Object::New(env);
  const auto set = [&](const char* name, uint64_t value) { object[name] = static_cast<double>(value); };
  set("ticks", counters.ticks);
  set("lateTicks", counters.late_ticks);
  set("encoded", counters.encoded);
  set("packetsSent", counters.packets_sent);
  set("packetsReceived", counters.packets_received);
  set("strangers", counters.strangers);
  set("strangerBytes", counters.stranger_bytes);
  set("knocksDropped", counters.knocks_dropped);
  set("messagesDropped", counters.messages_dropped);
  set("strangerMessagesDropped", counters.stranger_messages_dropped);
  set("noticesDropped", counters.notices_dropped);
  set("sendFailures", counters.send_failures);
  return object;
}

MixerSettings to_mixer_settings(const Napi::CallbackInfo& info) {
  if (!info[0].IsString() || !info[1].IsNumber() || !info[2].IsNumber() || !info[3].IsNumber() ||
      !info[4].IsFunction()) {
    throw Napi::TypeError::New(info.Env(), "Mixer takes an address, a port, two numbers and a function");
  }
  const std::string address = info[0].As<Napi::String>();
  const int port = info[1].As<Napi::Number>();
  MixerSettings settings;
  settings.tick_frames = info[2].As<Napi::Number>();
  settings.slots = info[3].As<Napi::Number>();
  if (port < 0 || port > 65535 || (settings.tick_frames != 64 && settings.tick_frames != 128) ||
      settings.slots < 1 || settings.slots > AddressTable::kMostSlots ||
      !Endpoint::parse(address.c_str(), static_cast<uint16_t>(port), settings.listen)) {
    throw Napi::RangeError::New(info.Env(),
                                "Mixer takes a numeric address, a port, 64 or 128 frames, 1 to 150 clients");
  }
  return settings;
}

}  // namespace

Napi::Function MixerObject::define(Napi::Env env) {
  using M = MixerObject;
  return DefineClass(env, "Mixer",
                     {
                         InstanceMethod<&M::add_client>("addClient"),
                         InstanceMethod<&M::remove_client>("removeClient"),
                         InstanceMethod<&M::set_format>("setFormat"),
                         InstanceMethod<&M::admit_to_mix>("admitToMix"),
                         InstanceMethod<&M::set_gain>("setGain"),
                         InstanceMethod<&M::set_pan>("setPan"),
                         InstanceMethod<&M::set_jitter>("setJitter"),
                         InstanceMethod<&M::send>("send"),
                         InstanceMethod<&M::client_counters>("clientCounters"),
                         InstanceMethod<&M::counters>("counters"),
                         InstanceMethod<&M::turns>("turns"),
                         InstanceMethod<&M::port>("port"),
                         InstanceMethod<&M::refusals>("refusals"),
                         InstanceMethod<&M::close>("close"),
                     });
}

MixerObject::MixerObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<MixerObject>(info) {
  const Napi::Env env = info.Env();
  int error = 0;
  mixer_ = Mixer::create(to_mixer_settings(info), error);
  if (mixer_ == nullptr) {
    const std::string address = info[0].As<Napi::String>();
    const std::string port = info[1].ToString();
    Napi::Error failure = Napi::Error::New(
        env, "The hub cannot listen on " + address + " port " + port + ": " + strerror(error));
    failure.Set("code", error_name(env, error));
    throw failure;
  }
  news_ =
      std::make_unique<NewsCallback>(env, "plugjam.mixer", info[4], mixer_->news_fd(), [this] { on_news(); });
  Ref();  // lives until close(), as its thread does
}

MixerObject::~MixerObject() { shut(); }

void MixerObject::shut() {
  if (news_ != nullptr) news_->stop();
  mixer_.reset();
}

Mixer& MixerObject::open(const Napi::CallbackInfo& info) {
  if (mixer_ == nullptr) throw Napi::Error::New(info.Env(), "The mixer is closed");
  return *mixer_;
}

int MixerObject::to_slot(const Napi::Value& value) {
  const int slot = value.IsNumber() ? value.As<Napi::Number>().Int32Value() : -1;
  if (mixer_ != nullptr && (slot < 0 || slot >= mixer_->slots())) {
    throw Napi::RangeError::New(value.Env(), "no such slot");
  }
  return slot;
}

// A gain or a pan.
float MixerObject::to_share(const Napi::Value& value) {
  const double share = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : -1.0;
  if (!(share >= 0.0 && share <= 1.0)) throw Napi::RangeError::New(value.Env(), "gain and pan are 0 to 1");
  return static_cast<float>(share);
}

Napi::Value MixerObject::order(const Napi::CallbackInfo& info, const MixerOrder& order) {
  return Napi::Boolean::New(info.Env(), open(info).order(order));
}

Napi::Value MixerObject::add_client(const Napi::CallbackInfo& info) {
  return order(info, AddClient{to_slot(info[0]), to_endpoint(info[1]), info[2].ToNumber().Uint32Value()});
}

Napi::Value MixerObject::remove_client(const Napi::CallbackInfo& info) {
  return order(info, RemoveClient{to_slot(info[0])});
}

Napi::Value MixerObject::set_format(const Napi::CallbackInfo& info) {
  return order(info, SetClientFormat{to_slot(info[0]), to_audio_format(info[1])});
}

Napi::Value MixerObject::admit_to_mix(const Napi::CallbackInfo& info) {
  return order(info, AdmitToMix{to_slot(info[0])});
}

Napi::Value MixerObject::set_gain(const Napi::CallbackInfo& info) {
  return order(info, SetGain{to_slot(info[0]), to_slot(info[1]), to_share(info[2])});
}

Napi::Value MixerObject::set_pan(const Napi::CallbackInfo& info) {
  return order(info, SetPan{to_slot(info[0]), to_slot(info[1]), to_share(info[2])});
}

Napi::Value MixerObject::set_jitter(const Napi::CallbackInfo& info) {
  const int blocks = info[1].ToNumber().Int32Value();
  if (blocks < 0 || blocks > kMaxDepth) throw Napi::RangeError::New(info.Env(), "no such depth");
  return order(info, SetClientJitter{to_slot(info[0]), blocks});
}

Napi::Value MixerObject::send(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), open(info).send(to_endpoint(info[0]), to_bytes(info[1])) == 0);
}

Napi::Value MixerObject::client_counters(const Napi::CallbackInfo& info) {
  const ClientCounters counters = open(info).client_counters(to_slot(info[0]));
  Napi::Object object = Napi::Object::New(info.Env());
  object["packetsReceived"] = static_cast<double>(counters.packets_received);
  object["wrongSize"] = static_cast<double>(counters.wrong_size);
  object["concealed"] = static_cast<double>(counters.concealed);
  object["jitterBlocks"] = counters.jitter_blocks;
  object["level"] = counters.level;
  return object;
}

Napi::Value MixerObject::counters(const Napi::CallbackInfo& info) {
  return from_mixer_counters(info.Env(), open(info).counters());
}

Napi::Value MixerObject::turns(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(open(info).turns()));
}

Napi::Value MixerObject::port(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), open(info).port());
}

// What the system would not grant: { priority, memory }, each null or the name of an error.
Napi::Value MixerObject::refusals(const Napi::CallbackInfo& info) {
  const auto name = [&](int error) { return error == 0 ? info.Env().Null() : error_name(info.Env(), error); };
  Napi::Object object = Napi::Object::New(info.Env());
  object["priority"] = name(open(info).priority_errno());
  object["memory"] = name(open(info).memory_errno());
  return object;
}

Napi::Value MixerObject::close(const Napi::CallbackInfo& info) {
  if (mixer_ != nullptr) {
    shut();
    Unref();
  }
  return info.Env().Undefined();
}

// Any callback may close the mixer.
void MixerObject::on_news() {
  mixer_->clear_news();
  for (MixerNotice notice; mixer_ != nullptr && mixer_->next_notice(notice);) tell(notice);
  for (Knock knock; mixer_ != nullptr && mixer_->next_knock(knock);) tell(knock);
  MixerMessage message;
  size_t length = 0;
  int clients = 0;
  while (mixer_ != nullptr && clients < kMessagesAtOnce && mixer_->next_message(message, message_, length)) {
    tell(message, length);
    ++clients;
  }
  int strangers = 0;
  while (mixer_ != nullptr && strangers < kStrangerMessagesAtOnce &&
         mixer_->next_stranger_message(message, message_, length)) {
    tell(message, length);
    ++strangers;
  }
  const bool more = clients == kMessagesAtOnce || strangers == kStrangerMessagesAtOnce;
  if (mixer_ != nullptr && more) mixer_->ring_news();
}

void MixerObject::tell(const MixerNotice& notice) {
  Napi::Object object = Napi::Object::New(Env());
  object["slot"] = notice.slot;
  object["client"] = notice.client;
  switch (notice.kind) {
    case MixerNotice::Kind::kClientSilent:
      object["kind"] = "client.silent";
      object["atMs"] = static_cast<double>(notice.at_ns) / 1e6;
      break;
    case MixerNotice::Kind::kClientJitter:
      object["kind"] = "client.jitter";
      object["blocks"] = notice.blocks;
      break;
  }
  news_->call(Value(), {object});
}

void MixerObject::tell(const Knock& knock) {
  Napi::Object object = Napi::Object::New(Env());
  object["kind"] = "knock";
  object["from"] = from_endpoint(Env(), knock.from);
  object["bytes"] = knock.bytes;
  object["atMs"] = static_cast<double>(knock.at_ns) / 1e6;
  news_->call(Value(), {object});
}

void MixerObject::tell(const MixerMessage& message, size_t length) {
  Napi::Object object = Napi::Object::New(Env());
  object["kind"] = "message";
  object["from"] = from_endpoint(Env(), message.from);
  object["slot"] =
      message.slot == kNobody ? Env().Null() : Napi::Value(Napi::Number::New(Env(), message.slot));
  object["client"] = message.client;
  Napi::Uint8Array bytes = Napi::Uint8Array::New(Env(), length);
  std::memcpy(bytes.Data(), message_.data(), length);
  object["bytes"] = bytes;
  object["receivedAtMs"] = static_cast<double>(message.at_ns) / 1e6;
  news_->call(Value(), {object});
}

}  // namespace plugjam
