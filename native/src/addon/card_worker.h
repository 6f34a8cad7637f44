// Opens cards beside the main loop, since a card may take its time.
#pragma once

#include <napi.h>

#include <functional>
#include <memory>

#include "engine/engine.h"

namespace plugjam {

// Settles its promise with a CardResult (see src/audio/engine.ts).
class CardWorker : public Napi::AsyncWorker {
 public:
  CardWorker(Napi::Env env, std::shared_ptr<Engine> engine, CardRequest request,
             std::shared_ptr<CardSettings> card);

  Napi::Promise promise() const { return deferred_.Promise(); }

 protected:
  void Execute() override;
  void OnOK() override;

 private:
  Napi::Promise::Deferred deferred_;
  std::shared_ptr<Engine> engine_;
  CardRequest request_;
  std::shared_ptr<CardSettings> card_;  // of the engine object: the card in use
  CardSettings settings_;
  CardError error_;
  bool opened_ = false;
};

}  // namespace plugjam
