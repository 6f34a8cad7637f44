// The mixer as the rest of the program holds it: one socket, one realtime thread.
#pragma once

#include <memory>
#include <span>

#include "mixer/mixer_thread.h"
#include "rt/realtime_thread.h"

namespace plugjam {

struct MixerSettings {
  Endpoint listen;       // the unspecified address is all interfaces; port 0: any
  int tick_frames = 64;  // or 128
  int slots = 10;        // 1 … AddressTable::kMostSlots
};

class Mixer {
 public:
  // Null: `error` is the errno of the socket or the thread that could not be had.
  static std::unique_ptr<Mixer> create(const MixerSettings& settings, int& error);
  ~Mixer();
  Mixer(const Mixer&) = delete;
  Mixer& operator=(const Mixer&) = delete;

  int slots() const { return settings_.slots; }
  int tick_frames() const { return settings_.tick_frames; }
  uint16_t port() const { return socket_.port(); }
  // What the system would not grant, 0 or an errno. The mixer runs either way.
  int priority_errno() const { return priority_errno_; }
  int memory_errno() const { return memory_errno_; }

  // All of these from one thread, not the mixer's own.

  // Slots are in range, and gains and pans 0 … 1. False: the ring is full, and nothing was ordered.
  bool order(const MixerOrder& order);
  // False: it has one already, or the ring is full.
  bool use_tap(std::shared_ptr<RecorderTap> tap);
  int send(const Endpoint& to, std::span<const uint8_t> bytes) const { return socket_.send(to, bytes); }
  // Becomes readable when there are notices, knocks or messages.
  int news_fd() const { return ports_->news.fd(); }
  void clear_news() { ports_->news.clear(); }
  // There is more to read than was read.
  void ring_news() { ports_->news.ring(); }
  bool next_notice(MixerNotice& notice) { return ports_->notices.pop(notice); }
  bool next_knock(Knock& knock) { return ports_->knocks.pop(knock); }
  bool next_message(MixerMessage& message, std::span<uint8_t> bytes, size_t& length) {
    return ports_->messages.pop(message, bytes, length);
  }
  bool next_stranger_message(MixerMessage& message, std::span<uint8_t> bytes, size_t& length) {
    return ports_->stranger_messages.pop(message, bytes, length);
  }
  MixerCounters counters() const { return ports_->counters.load(); }
  uint64_t turns() const { return ports_->turns.load(std::memory_order_relaxed); }
  ClientCounters client_counters(int slot) const { return ports_->clients[static_cast<size_t>(slot)].load(); }

 private:
  explicit Mixer(const MixerSettings& settings) : settings_(settings) {}
  void lock_memory();

  MixerSettings settings_;
  UdpSocket socket_;
  std::shared_ptr<RecorderTap> tap_;
  std::unique_ptr<MixerPorts> ports_ = std::make_unique<MixerPorts>();
  std::unique_ptr<MixerThread> mixing_;
  RealtimeThread thread_;
  int priority_errno_ = 0;
  int memory_errno_ = 0;
};

}  // namespace plugjam
