// The engine as the rest of the program holds it: one socket, one realtime thread, at most one card.
#include "engine/engine.h"

#include <time.h>

#include <cerrno>

#include "rt/locked_memory.h"

namespace plugjam {
namespace {

// Above the threads of the kernel's interrupts that matter less, below those of the sound card's.
constexpr int kAudioPriority = 80;
// How long the audio thread may take to hand a card back: a stalled card is found out in half a second.
constexpr int kMostHandBackMs = 2000;
// How often a card may stumble before it has moved a period.
constexpr int kMostTries = 16;

// An xrun says that this thread is slow, not that both directions move: one that stands still shows at the
// next try.
bool moves(AlsaPcm& card) {
  for (int tries = 0; tries < kMostTries; ++tries) {
    const PcmWait outcome = card.wait();
    if (outcome == PcmWait::kReady) return true;
    if (outcome == PcmWait::kGone) return false;
  }
  return true;
}

// Some cards open well and then stand still. Nobody should rely on one before a period has passed on it.
bool runs(AlsaPcm& card, CardError& error) {
  const bool lives = card.start() && moves(card);
  card.stop();
  if (lives) return true;
  const PcmFailure failure = card.failure();
  const CardSettings& settings = card.settings();
  error = {failure.capture ? settings.capture : settings.playback, failure.call, failure.error};
  return false;
}

// ALSA would print what we return as values.
void say_nothing(const char*, int, const char*, int, const char*, ...) {}

}  // namespace

std::unique_ptr<Engine> Engine::create(uint16_t port, int& error) {
  snd_lib_error_set_handler(say_nothing);
  std::unique_ptr<Engine> engine(new Engine());
  error = engine->ports_.wakeup.fd() < 0 ? EMFILE : engine->socket_.open(port);
  if (error != 0) return nullptr;
  engine->audio_ = std::make_unique<AudioThread>(engine->socket_, engine->ports_);
  error = ENOMEM;
  if (!engine->audio_->ok()) return nullptr;
  const auto body = [](void* audio) { static_cast<AudioThread*>(audio)->run(); };
  error = engine->thread_.start(kAudioPriority, body, engine->audio_.get(), engine->grant_.priority_errno);
  engine->lock_memory();
  return error == 0 ? std::move(engine) : nullptr;
}

Engine::~Engine() {
  ports_.stop = true;
  thread_.join();
  collect_returned_card();
}

// What the audio thread touches: its own objects, the C heap with the codecs and ALSA's structures, and code.
void Engine::lock_memory() {
  int error = lock_object(this, sizeof(*this));
  if (error == 0) error = lock_object(audio_.get(), sizeof(*audio_));
  if (error == 0) error = lock_heap_and_code();
  grant_.memory_errno = error;
}

bool Engine::order(const Command& command) {
  const std::lock_guard lock(ordering_);
  return ports_.commands.push(command);
}

bool Engine::set_prompts(std::unique_ptr<const PromptSet> prompts) {
  if (prompts_ != nullptr) return false;
  const std::span<const int16_t> samples = prompts->samples();
  lock_object(samples.data(), samples.size_bytes());  // what cannot be locked may be a moment late; no more
  if (!order(UsePrompts{prompts.get()})) return false;
  prompts_ = std::move(prompts);
  return true;
}

bool Engine::open_card(const CardRequest& request, CardSettings& settings, CardError& error) {
  // First let go of the present card: the new one may be the same.
  close_card();
  std::unique_ptr<AlsaPcm> card = AlsaPcm::open(request, error);
  if (card == nullptr || !runs(*card, error)) return false;
  settings = card->settings();
  lock_memory();  // the card's part of it is new
  ports_.holds_card = true;
  if (!order(UseCard{card.get()})) {
    ports_.holds_card = false;
    error = {request.playback, "engine", EAGAIN};
    return false;
  }
  card.release();  // the audio thread's, until it is in `returned`
  return true;
}

void Engine::close_card() {
  if (ports_.holds_card && order(UseCard{nullptr})) {
    const timespec pause{0, 1'000'000};
    for (int ms = 0; ms < kMostHandBackMs && ports_.holds_card; ++ms) nanosleep(&pause, nullptr);
  }
  collect_returned_card();
}

void Engine::collect_returned_card() { delete ports_.returned.exchange(nullptr, std::memory_order_acquire); }

}  // namespace plugjam
