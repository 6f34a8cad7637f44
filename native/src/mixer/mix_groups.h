// Which listeners hear the same and share an encoder, and how they part and meet without a click.
//
//   part    who no longer hears what the leader hears goes on with a copy of the leader's encoder: its
//   decoder
//           notices nothing.
//   meet    two groups that have heard the same for a while become one. The encoder that stays codes one
//   block
//           without reference to what came before, so that the newcomers' decoders can follow.
#pragma once

#include <cstdint>
#include <memory>

#include "mixer/gain_table.h"
#include "mixer/listener.h"

namespace plugjam {

class MixGroups {
 public:
  static constexpr int kNone = -1;

  // `listeners` holds `slots` of them; it and `gains` are looked at in update().
  MixGroups(int slots, int tick_frames, Listener* listeners, const GainTable& gains);

  // A listener begins, with an encoder of its own that nobody has heard yet; alone until settle().
  void enter(int slot);
  // It hears everything at its full level from now on, so it may share.
  void settle(int slot);
  // It ends, or is about to be given another encoder. Those who followed it go on by themselves.
  void leave(int slot);
  // What this listener hears has been changed.
  void touch(int slot);
  // What everybody hears has been changed: a client came or went.
  void touch_all();

  // Once a tick, before anything is encoded. Costs nothing when nothing changed.
  void update(uint64_t tick);

  // Who encodes for this one: itself, another, or kNone if it is no listener.
  int leader(int slot) const { return members_[static_cast<size_t>(slot)].leader; }

 private:
  struct Member {
    int leader = kNone;
    bool shares = false;
    bool touched = false;
    int parted_from = kNone;  // in the update that is under way
    uint64_t changed_at = 0;  // tick in which a leader began to hear what it hears
  };

  Member& member(int slot) { return members_[static_cast<size_t>(slot)]; }
  bool alike(int one, int other) const;
  void part(uint64_t tick);
  int new_leader_for(int slot, int old_leader, uint64_t tick);
  void meet(uint64_t tick);
  void join(int leader, int into);
  int size_of(int leader) const;

  int slots_;
  uint64_t settle_ticks_;
  Listener* listeners_;
  const GainTable& gains_;
  std::unique_ptr<Member[]> members_;
  bool changed_ = false;
  bool meeting_ = false;  // there may be groups that hear the same
  uint64_t meet_at_ = 0;
};

}  // namespace plugjam
