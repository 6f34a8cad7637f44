// Checks and converts what JavaScript hands in. A wrong shape is a bug of the caller and throws.
#include "addon/arguments.h"

namespace plugjam {
namespace {

Napi::Object to_object(const Napi::Value& value, const char* what) {
  if (!value.IsObject()) throw Napi::TypeError::New(value.Env(), std::string(what) + " must be an object");
  return value.As<Napi::Object>();
}

int to_int(const Napi::Object& object, const char* key) {
  const Napi::Value value = object.Get(key);
  if (!value.IsNumber()) throw Napi::TypeError::New(object.Env(), std::string(key) + " must be a number");
  return value.As<Napi::Number>().Int32Value();
}

bool to_bool(const Napi::Object& object, const char* key) {
  const Napi::Value value = object.Get(key);
  if (!value.IsBoolean()) throw Napi::TypeError::New(object.Env(), std::string(key) + " must be a boolean");
  return value.As<Napi::Boolean>();
}

std::string to_text(const Napi::Object& object, const char* key) {
  const Napi::Value value = object.Get(key);
  if (!value.IsString()) throw Napi::TypeError::New(object.Env(), std::string(key) + " must be a string");
  return value.As<Napi::String>();
}

}  // namespace

Endpoint to_endpoint(const Napi::Value& value) {
  const Napi::Object object = to_object(value, "endpoint");
  const std::string address = to_text(object, "address");
  const int port = to_int(object, "port");
  Endpoint endpoint;
  if (port < 1 || port > 65535 || !Endpoint::parse(address.c_str(), static_cast<uint16_t>(port), endpoint)) {
    throw Napi::RangeError::New(value.Env(), "endpoint must be a numeric address and a port");
  }
  return endpoint;
}

AudioFormat to_audio_format(const Napi::Value& value) {
  const Napi::Object object = to_object(value, "format");
  AudioFormat format;
  format.block_frames = to_int(object, "blockFrames");
  format.channels = to_int(object, "channels");
  format.block_bytes = to_int(object, "blockBytes");
  format.blocks_per_packet = to_int(object, "blocksPerPacket");
  format.sequenced = to_bool(object, "sequenced");
  if (!format.valid()) throw Napi::RangeError::New(value.Env(), "no such audio format");
  return format;
}

ChannelMode to_channel_mode(const Napi::Value& value) {
  const std::string mode = value.IsString() ? value.As<Napi::String>().Utf8Value() : "";
  if (mode == "mono") return ChannelMode::kMono;
  if (mode == "stereo") return ChannelMode::kStereo;
  if (mode == "mono-in-stereo-out") return ChannelMode::kMonoInStereoOut;
  throw Napi::TypeError::New(value.Env(), "no such channel mode");
}

CardRequest to_card_request(const Napi::Value& value) {
  const Napi::Object object = to_object(value, "card options");
  CardRequest request;
  request.capture = to_text(object, "capture");
  request.playback = to_text(object, "playback");
  request.period_frames = to_int(object, "periodFrames");
  request.periods = to_int(object, "periods");
  request.full = to_bool(object, "full");
  if (request.period_frames < 16 || request.period_frames > kMostPeriodFrames || request.periods < 2 ||
      request.periods > 32) {
    throw Napi::RangeError::New(value.Env(), "no such period");
  }
  return request;
}

std::unique_ptr<const PromptSet> to_prompts(const Napi::Value& value) {
  if (!value.IsArray()) throw Napi::TypeError::New(value.Env(), "prompts must be an array");
  const auto array = value.As<Napi::Array>();
  std::vector<Napi::Int16Array> prompts;
  size_t total = 0;
  for (uint32_t i = 0; i < array.Length(); ++i) {
    const Napi::Value prompt = array[i];
    if (!prompt.IsTypedArray() || prompt.As<Napi::TypedArray>().TypedArrayType() != napi_int16_array) {
      throw Napi::TypeError::New(value.Env(), "a prompt must be an Int16Array");
    }
    prompts.push_back(prompt.As<Napi::Int16Array>());
    total += prompts.back().ElementLength();
  }
  std::vector<int16_t> samples;
  std::vector<size_t> ends;
  samples.reserve(total);
  for (Napi::Int16Array& prompt : prompts) {
    samples.insert(samples.end(), prompt.Data(), prompt.Data() + prompt.ElementLength());
    ends.push_back(samples.size());
  }
  return std::make_unique<const PromptSet>(std::move(samples), std::move(ends));
}

std::span<const uint8_t> to_bytes(const Napi::Value& value) {
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array) {
    throw Napi::TypeError::New(value.Env(), "bytes must be a Uint8Array");
  }
  const auto array = value.As<Napi::Uint8Array>();
  return {array.Data(), array.ByteLength()};
}

}  // namespace plugjam
