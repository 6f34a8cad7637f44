// See desk.h.
#include "mixer/desk.h"

#include <algorithm>

namespace plugjam {
namespace {

constexpr int kNotYet = -1;
constexpr Share kNothing{0.0f, 0.0f};

// Levels are taken every 270 ms or so: at the very ticks at which others take theirs (spec 6.5).
uint64_t level_ticks(int tick_frames) { return tick_frames == 128 ? 101 : 201; }

}  // namespace

Desk::Desk(int tick_frames, int slots, DeskOutput& output)
    : tick_frames_(tick_frames),
      slots_(slots),
      output_(output),
      sources_(new Source[static_cast<size_t>(slots)]),
      listeners_(new Listener[static_cast<size_t>(slots)]),
      gains_(slots),
      groups_(slots, tick_frames, listeners_.get(), gains_),
      connected_(static_cast<size_t>(slots)),
      blocks_(static_cast<size_t>(slots)) {
  clients_.reserve(static_cast<size_t>(slots));
  stereo_terms_.reserve(static_cast<size_t>(slots));
  mono_terms_.reserve(static_cast<size_t>(slots));
}

bool Desk::ok() const {
  return std::all_of(sources_.get(), sources_.get() + slots_,
                     [](const Source& source) { return source.ok(); }) &&
         std::all_of(listeners_.get(), listeners_.get() + slots_,
                     [](const Listener& listener) { return listener.ok(); });
}

// ---- orders ----

void Desk::add(int slot) {
  connected_[static_cast<size_t>(slot)] = true;
  clients_.insert(std::lower_bound(clients_.begin(), clients_.end(), slot), slot);
  sources_[slot].begin();
  gains_.connect(slot);
  groups_.touch_all();
}

void Desk::remove(int slot) {
  groups_.leave(slot);
  gains_.disconnect(slot);
  groups_.touch_all();
  clients_.erase(std::lower_bound(clients_.begin(), clients_.end(), slot));
  connected_[static_cast<size_t>(slot)] = false;
  if (tap_ != nullptr) tap_->forget(slot);
}

void Desk::set_format(int slot, const AudioFormat& format) {
  Source& source = sources_[slot];
  // Packing alone does not touch the codec: its state, and with it the sound, goes on.
  const bool repacked = source.has_format() && source.format().same_coding(format);
  source.set_format(format);
  if (repacked) return listeners_[slot].repack(format);
  groups_.leave(slot);
  listeners_[slot].set_format(format, phase(slot, format));
  gains_.set_channels(slot, format.channels);
  listen(slot);
}

void Desk::admit(int slot) {
  if (sources_[slot].admitted()) return;
  sources_[slot].admit();
  listen(slot);
}

void Desk::listen(int slot) {
  if (!sources_[slot].admitted() || !sources_[slot].has_format()) return;
  groups_.enter(slot);
  if (!sources_[slot].fading()) groups_.settle(slot);
}

void Desk::set_gain(int listener, int source, float gain) {
  if (gains_.set_gain(listener, source, gain)) groups_.touch(listener);
}

void Desk::set_pan(int listener, int source, float pan) {
  if (gains_.set_pan(listener, source, pan)) groups_.touch(listener);
}

// An empty slot is not recorded, whoever gets it next.
void Desk::record(int slot, uint32_t track) {
  tap_->record(slot, connected(slot) ? track : RecorderTap::kNoTrack);
}

// ---- one tick ----

void Desk::tick() {
  ++ticks_;
  advance_sources();
  if (tap_ != nullptr) feed_recorder();
  groups_.update(ticks_);
  mix_and_send();
}

void Desk::advance_sources() {
  const bool levels_due = ticks_ % level_ticks(tick_frames_) == 0;
  for (const int slot : clients_) {
    Source& source = sources_[slot];
    source.advance(tick_frames_, second_half(slot, source.format()));
    if (levels_due) source.measure_level();
    if (source.take_silent()) output_.tell_silent(slot);
    if (const int blocks = source.take_new_depth()) output_.tell_depth(slot, blocks);
    if (source.take_faded_in() && groups_.leader(slot) != MixGroups::kNone) groups_.settle(slot);
  }
}

// What a client sends, before its fade: from its first block on, silence where nothing comes.
void Desk::feed_recorder() {
  const auto position = static_cast<int64_t>(ticks_) * tick_frames_;
  for (const int slot : clients_) {
    const Source& source = sources_[slot];
    if (!tap_->wants(slot) || !source.has_format()) continue;
    const void* samples = source.heard().data();
    if (tap_->depth() == Depth::kTwentyFour) samples = source.decoded().data();
    tap_->take(slot, position, source.format().channels, tick_frames_, samples);
  }
}

void Desk::mix_and_send() {
  std::fill(blocks_.begin(), blocks_.end(), kNotYet);
  for (const int slot : clients_) {
    const int leader = groups_.leader(slot);
    if (leader == MixGroups::kNone) continue;
    int& blocks = blocks_[static_cast<size_t>(leader)];
    if (blocks == kNotYet) blocks = encode(leader);
    for (int block = 0; block < blocks; ++block) {
      if (listeners_[slot].take(listeners_[leader], block)) output_.send(slot, listeners_[slot].packet());
    }
  }
}

int Desk::encode(int slot) {
  Listener& listener = listeners_[slot];
  const bool second = second_half(slot, listener.format());
  int16_t* mixed = listener.mix(tick_frames_, second);
  if (listener.format().channels == 2) {
    mix_stereo(slot, mixed);
  } else {
    mix_mono(slot, mixed);
  }
  const int blocks = listener.encode(tick_frames_, second);
  encoded_ += static_cast<uint64_t>(blocks);
  return blocks;
}

// The formula of spec 6.2. Each source has its own fade in its samples already; while the listener fades in,
// it also hears the others fade in, but not itself twice.
void Desk::mix_stereo(int slot, int16_t* mixed) {
  stereo_terms_.clear();
  for (const int other : clients_) {
    const Source& source = sources_[other];
    if (source.quiet()) continue;
    const float fade = other == slot ? 1.0f : sources_[slot].fade();
    const Share& share = gains_.share(slot, other);
    if (share == kNothing) continue;
    stereo_terms_.push_back({source.left(), source.right(), {fade * share.left, fade * share.right}});
  }
  sum_stereo(stereo_terms_, tick_frames_, mixed);
}

void Desk::mix_mono(int slot, int16_t* mixed) {
  mono_terms_.clear();
  for (const int other : clients_) {
    const Source& source = sources_[other];
    if (source.quiet()) continue;
    const float fade = other == slot ? 1.0f : sources_[slot].fade();
    const Share& share = gains_.share(slot, other);
    if (share == kNothing) continue;
    mono_terms_.push_back({source.middle(), fade * share.left});
  }
  sum_mono(mono_terms_, tick_frames_, mixed);
}

}  // namespace plugjam
