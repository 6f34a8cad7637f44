// One tick of the mix, top to bottom: from every client's packets to every client's packet. Knows neither
// socket nor clock, so a test drives it with arrays.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "mixer/counters.h"
#include "mixer/gain_table.h"
#include "mixer/listener.h"
#include "mixer/mix_groups.h"
#include "mixer/source.h"
#include "mixer/sum.h"
#include "recorder/recorder_tap.h"

namespace plugjam {

// Where packets and news go; a test puts an array here.
class DeskOutput {
 public:
  virtual ~DeskOutput() = default;
  // `packet` is good for the time of the call.
  virtual void send(int slot, std::span<const uint8_t> packet) = 0;
  virtual void tell_silent(int slot) = 0;
  virtual void tell_depth(int slot, int blocks) = 0;
};

class Desk {
 public:
  // `tick_frames` is 64 or 128. All memory is taken here.
  Desk(int tick_frames, int slots, DeskOutput& output);

  // False: there was no memory for the codecs.
  bool ok() const;

  // Orders, as in src/audio/mixer.ts. Slots are in range; all but add() want a client in the slot.
  void add(int slot);
  void remove(int slot);
  void set_format(int slot, const AudioFormat& format);
  void admit(int slot);
  void set_gain(int listener, int source, float gain);
  void set_pan(int listener, int source, float pan);
  void set_jitter(int slot, int blocks) { sources_[slot].set_jitter(blocks); }
  void use_tap(RecorderTap& tap) { tap_ = &tap; }
  // Wants a tap, but no client in the slot.
  void record(int slot, uint32_t track);

  bool connected(int slot) const {
    return slot >= 0 && slot < slots_ && connected_[static_cast<size_t>(slot)];
  }
  int clients() const { return static_cast<int>(clients_.size()); }
  // Of the clients, ascending.
  const std::vector<int>& slots() const { return clients_; }
  // Each datagram of a client that is no message.
  void receive(int slot, std::span<const uint8_t> datagram) { sources_[slot].receive(datagram); }

  void tick();

  // What this client sent for the present tick.
  const Source& source(int slot) const { return sources_[slot]; }
  int leader(int slot) const { return groups_.leader(slot); }
  // Blocks encoded so far.
  uint64_t encoded() const { return encoded_; }

 private:
  // Where a block lasts for two ticks, odd slots begin theirs in odd ticks: so all ticks cost about the same.
  int phase(int slot, const AudioFormat& format) const {
    return format.block_frames > tick_frames_ ? slot % 2 : 0;
  }
  bool second_half(int slot, const AudioFormat& format) const {
    return format.block_frames > tick_frames_ && (ticks_ + static_cast<uint64_t>(slot)) % 2 == 1;
  }
  void listen(int slot);
  void advance_sources();
  void feed_recorder();
  void mix_and_send();
  // Mixes what this listener hears; returns how many blocks its encoder has completed.
  int encode(int slot);
  void mix_stereo(int slot, int16_t* mixed);
  void mix_mono(int slot, int16_t* mixed);

  int tick_frames_;
  int slots_;
  DeskOutput& output_;
  std::unique_ptr<Source[]> sources_;
  std::unique_ptr<Listener[]> listeners_;
  GainTable gains_;
  MixGroups groups_;
  RecorderTap* tap_ = nullptr;
  std::vector<bool> connected_;
  std::vector<int> clients_;  // slots, ascending
  std::vector<int> blocks_;   // by slot: what its encoder has completed in this tick
  std::vector<StereoTerm> stereo_terms_;
  std::vector<MonoTerm> mono_terms_;
  uint64_t ticks_ = 0;
  uint64_t encoded_ = 0;
};

}  // namespace plugjam
