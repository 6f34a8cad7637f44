// Opens cards beside the main loop, since a card may take its time.
#include "addon/card_worker.h"

#include "addon/results.h"

namespace plugjam {

CardWorker::CardWorker(Napi::Env env, std::shared_ptr<Engine> engine, CardRequest request,
                       std::shared_ptr<CardSettings> card)
    : Napi::AsyncWorker(env, "plugjam.card"),
      deferred_(Napi::Promise::Deferred::New(env)),
      engine_(std::move(engine)),
      request_(std::move(request)),
      card_(std::move(card)) {}

void CardWorker::Execute() { opened_ = engine_->open_card(request_, settings_, error_); }

void CardWorker::OnOK() {
  const Napi::HandleScope scope(Env());
  Napi::Object result = Napi::Object::New(Env());
  result["ok"] = Napi::Boolean::New(Env(), opened_);
  if (opened_) {
    *card_ = settings_;
    result["card"] = from_settings(Env(), settings_);
  } else {
    result["failure"] = from_failure(Env(), error_.device, error_.call, error_.error);
  }
  deferred_.Resolve(result);
}

}  // namespace plugjam
