// See mixer.h.
#include "mixer/mixer.h"

#include <sys/random.h>

#include <cerrno>

#include "rt/locked_memory.h"

namespace plugjam {
namespace {

// Below the box's own sound, where one machine is both.
constexpr int kMixerPriority = 75;
// A second of packets of a full hub, or of a flood.
constexpr int kReceiveBufferBytes = 8 * 1024 * 1024;

}  // namespace

std::unique_ptr<Mixer> Mixer::create(const MixerSettings& settings, int& error) {
  std::unique_ptr<Mixer> mixer(new Mixer(settings));
  const MixerPorts& ports = *mixer->ports_;
  error = ports.news.fd() < 0 || ports.order_given.fd() < 0 ? EMFILE : mixer->socket_.open(settings.listen);
  if (error != 0) return nullptr;
  mixer->socket_.widen_receive_buffer(kReceiveBufferBytes);
  uint64_t key = 0;
  if (getrandom(&key, sizeof(key), 0) != sizeof(key)) error = errno;
  mixer->mixing_ = std::make_unique<MixerThread>(mixer->socket_, *mixer->ports_, settings.tick_frames,
                                                 settings.slots, key);
  if (error == 0 && !mixer->mixing_->ok()) error = ENOMEM;
  if (error != 0) return nullptr;
  const auto body = [](void* mixing) { static_cast<MixerThread*>(mixing)->run(); };
  error = mixer->thread_.start(kMixerPriority, body, mixer->mixing_.get(), mixer->priority_errno_);
  mixer->lock_memory();
  return error == 0 ? std::move(mixer) : nullptr;
}

Mixer::~Mixer() {
  ports_->stop = true;
  ports_->order_given.ring();
  thread_.join();
}

bool Mixer::order(const MixerOrder& order) {
  const bool taken = ports_->orders.push(order);
  ports_->order_given.ring();  // it may be asleep
  return taken;
}

bool Mixer::use_tap(std::shared_ptr<RecorderTap> tap) {
  if (tap_ != nullptr || !order(UseTap{tap.get()})) return false;
  tap_ = std::move(tap);
  return true;
}

void Mixer::lock_memory() {
  memory_errno_ = lock_object(ports_.get(), sizeof(*ports_));
  if (memory_errno_ == 0) memory_errno_ = lock_object(mixing_.get(), sizeof(*mixing_));
  if (memory_errno_ == 0) memory_errno_ = lock_heap_and_code();
}

}  // namespace plugjam
