// See gain_table.h.
#include "mixer/gain_table.h"

#include <algorithm>
#include <bit>

namespace plugjam {
namespace {

// The finalizer of MurmurHash3: every bit of the input reaches every bit of the output.
uint64_t scramble(uint64_t bits) {
  bits = (bits ^ bits >> 33) * 0xff51afd7ed558ccdULL;
  bits = (bits ^ bits >> 33) * 0xc4ceb9fe1a85ec53ULL;
  return bits ^ bits >> 33;
}

}  // namespace

GainTable::GainTable(int slots)
    : slots_(slots),
      settings_(new Setting[at(slots, 0)]()),
      shares_(new Share[at(slots, 0)]()),
      hashes_(new uint64_t[static_cast<size_t>(slots)]()),
      stereo_(new bool[static_cast<size_t>(slots)]()),
      connected_(new bool[static_cast<size_t>(slots)]()) {}

void GainTable::connect(int slot) {
  for (int other = 0; other < slots_; ++other) {
    change(slot, other, {});
    change(other, slot, {});
  }
  connected_[static_cast<size_t>(slot)] = true;
  for (int listener = 0; listener < slots_; ++listener) toggle(listener, slot);
}

void GainTable::disconnect(int slot) {
  for (int listener = 0; listener < slots_; ++listener) toggle(listener, slot);
  connected_[static_cast<size_t>(slot)] = false;
}

bool GainTable::set_gain(int listener, int source, float gain) {
  return change(listener, source, {gain, settings_[at(listener, source)].pan});
}

bool GainTable::set_pan(int listener, int source, float pan) {
  return change(listener, source, {settings_[at(listener, source)].gain, pan});
}

void GainTable::set_channels(int listener, int channels) {
  stereo_[static_cast<size_t>(listener)] = channels == 2;
  for (int source = 0; source < slots_; ++source) change(listener, source, settings_[at(listener, source)]);
}

bool GainTable::alike(int one, int other) const {
  if (hashes_[static_cast<size_t>(one)] != hashes_[static_cast<size_t>(other)]) return false;
  for (int source = 0; source < slots_; ++source) {
    if (connected_[static_cast<size_t>(source)] && share(one, source) != share(other, source)) return false;
  }
  return true;
}

bool GainTable::change(int listener, int source, const Setting& setting) {
  settings_[at(listener, source)] = setting;
  Share& share = shares_[at(listener, source)];
  const Share changed = share_of(listener, setting);
  if (changed == share) return false;
  const bool counts = connected_[static_cast<size_t>(source)];
  if (counts) toggle(listener, source);
  share = changed;
  if (counts) toggle(listener, source);
  return true;
}

// A hash is the exclusive or of its parts, so putting one in and taking it out are the same.
void GainTable::toggle(int listener, int source) {
  const Share& share = shares_[at(listener, source)];
  const uint64_t both =
      uint64_t{std::bit_cast<uint32_t>(share.left)} << 32 | std::bit_cast<uint32_t>(share.right);
  hashes_[static_cast<size_t>(listener)] ^= scramble(both + scramble(static_cast<uint64_t>(source) + 1));
}

Share GainTable::share_of(int listener, const Setting& setting) const {
  if (!stereo_[static_cast<size_t>(listener)]) return {setting.gain, setting.gain};
  return {setting.gain * 2.0f * std::min(0.5f, 1.0f - setting.pan),
          setting.gain * 2.0f * std::min(0.5f, setting.pan)};
}

}  // namespace plugjam
