// The engine as the rest of the program holds it: one socket, one realtime thread, at most one card.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <span>

#include "engine/audio_thread.h"
#include "pcm/alsa_pcm.h"
#include "rt/realtime_thread.h"

namespace plugjam {

// What the system would not grant: 0, or the errno of the refusal. The engine runs either way.
struct RealtimeGrant {
  int priority_errno = 0;
  std::atomic<int> memory_errno{0};  // written again by whoever opens a card
};

class Engine {
 public:
  // `port` 0: any. Null: `error` is the errno of the socket or the thread that could not be had.
  static std::unique_ptr<Engine> create(uint16_t port, int& error);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  const RealtimeGrant& grant() const { return grant_; }
  uint16_t port() const { return socket_.port(); }
  const UdpSocket& socket() const { return socket_; }
  // Becomes readable when there are notices or messages.
  int news_fd() const { return ports_.wakeup.fd(); }
  void clear_news() { ports_.wakeup.clear(); }

  // From any thread but the audio thread. False: the ring is full, and nothing was ordered.
  bool order(const Command& command);
  // Once. Keeps them for as long as it lives. False: the ring is full, or they were there already.
  bool set_prompts(std::unique_ptr<const PromptSet> prompts);
  int send(const Endpoint& to, std::span<const uint8_t> bytes) const { return socket_.send(to, bytes); }

  // One reader.
  bool next_notice(Notice& notice) { return ports_.notices.pop(notice); }
  bool next_message(MessageHeader& header, std::span<uint8_t> bytes, size_t& length) {
    return ports_.messages.pop(header, bytes, length);
  }
  Counters counters() const { return ports_.counters.load(); }
  const ThreadTiming& timing() const { return ports_.timing; }
  uint64_t turns() const { return ports_.turns.load(std::memory_order_relaxed); }

  // May block for as long as a card does: for a thread of its own, one at a time. Lets go of the card before,
  // opens this one and hands it to the audio thread. False: `error` says why; the timer paces the engine.
  bool open_card(const CardRequest& request, CardSettings& settings, CardError& error);
  // Closes a card that the audio thread has given up by itself.
  void collect_returned_card();

 private:
  Engine() = default;
  void close_card();
  void lock_memory();

  UdpSocket socket_;
  AudioThreadPorts ports_;
  std::unique_ptr<const PromptSet> prompts_;
  std::unique_ptr<AudioThread> audio_;
  RealtimeThread thread_;
  RealtimeGrant grant_;
  std::mutex ordering_;  // among the ordering threads; the audio thread never takes it
};

}  // namespace plugjam
