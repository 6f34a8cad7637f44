// See mix_groups.h.
#include "mixer/mix_groups.h"

#include <algorithm>

namespace plugjam {
namespace {

// How long two groups must have heard the same before they become one: longer than an encoder remembers the
// sound itself (1024 frames), so that all that tells the two encoders apart is how they rounded.
constexpr int kSettleFrames = 2048;

}  // namespace

MixGroups::MixGroups(int slots, int tick_frames, Listener* listeners, const GainTable& gains)
    : slots_(slots),
      settle_ticks_(static_cast<uint64_t>(kSettleFrames / tick_frames)),
      listeners_(listeners),
      gains_(gains),
      members_(new Member[static_cast<size_t>(slots)]) {}

void MixGroups::enter(int slot) { member(slot) = {.leader = slot}; }

void MixGroups::settle(int slot) {
  member(slot).shares = true;
  touch(slot);
}

void MixGroups::leave(int slot) {
  int heir = kNone;
  for (int other = 0; other < slots_; ++other) {
    if (other == slot || leader(other) != slot) continue;
    if (heir == kNone) {
      heir = other;
      listeners_[heir].continue_from(listeners_[slot]);
      member(heir).changed_at = member(slot).changed_at;
    }
    member(other).leader = heir;
  }
  member(slot) = {};
}

void MixGroups::touch(int slot) {
  member(slot).touched = true;
  changed_ = true;
}

void MixGroups::touch_all() {
  for (int slot = 0; slot < slots_; ++slot) touch(slot);
}

void MixGroups::update(uint64_t tick) {
  if (changed_) part(tick);
  if (meeting_ && tick >= meet_at_) meet(tick);
}

bool MixGroups::alike(int one, int other) const {
  return members_[static_cast<size_t>(one)].shares && members_[static_cast<size_t>(other)].shares &&
         gains_.alike(one, other);
}

void MixGroups::part(uint64_t tick) {
  for (int slot = 0; slot < slots_; ++slot) {
    const int old_leader = leader(slot);
    if (old_leader == kNone) continue;
    if (member(slot).touched && old_leader == slot) member(slot).changed_at = tick;
    if (old_leader != slot && !alike(slot, old_leader)) {
      member(slot).leader = new_leader_for(slot, old_leader, tick);
    }
  }
  for (int slot = 0; slot < slots_; ++slot) {
    member(slot).touched = false;
    member(slot).parted_from = kNone;
  }
  changed_ = false;
  meeting_ = true;
  meet_at_ = tick + settle_ticks_;
}

// Those who part from the same leader in the same tick, and hear the same, stay together: one encoder has
// spoken to all of them.
int MixGroups::new_leader_for(int slot, int old_leader, uint64_t tick) {
  for (int other = 0; other < slot; ++other) {
    if (member(other).parted_from == old_leader && alike(slot, other)) return other;
  }
  listeners_[slot].continue_from(listeners_[old_leader]);
  member(slot).parted_from = old_leader;
  member(slot).changed_at = tick;
  return slot;
}

void MixGroups::meet(uint64_t tick) {
  meeting_ = false;
  for (int one = 0; one < slots_; ++one) {
    if (leader(one) != one || !member(one).shares) continue;
    if (tick - member(one).changed_at < settle_ticks_) {
      meeting_ = true;
      continue;
    }
    for (int other = one + 1; other < slots_ && leader(one) == one; ++other) {
      if (leader(other) != other || tick - member(other).changed_at < settle_ticks_) continue;
      if (!listeners_[one].same_coding(listeners_[other]) || !alike(one, other)) continue;
      if (size_of(one) < size_of(other)) {
        join(one, other);
      } else {
        join(other, one);
      }
    }
  }
  meet_at_ = tick + settle_ticks_;
}

void MixGroups::join(int leader, int into) {
  for (int slot = 0; slot < slots_; ++slot) {
    if (member(slot).leader == leader) member(slot).leader = into;
  }
}

int MixGroups::size_of(int leader) const {
  return static_cast<int>(std::count_if(members_.get(), members_.get() + slots_,
                                        [&](const Member& member) { return member.leader == leader; }));
}

}  // namespace plugjam
