// How loud each listener hears each client, and which listeners hear the same (spec 6.2).
#pragma once

#include <cstdint>
#include <memory>

namespace plugjam {

// What a listener hears of one client, left and right. To a mono listener both are the gain.
struct Share {
  float left = 1.0f;
  float right = 1.0f;

  bool operator==(const Share&) const = default;
};

// A hash of each row, kept up with every change, tells rows apart without looking at them.
class GainTable {
 public:
  explicit GainTable(int slots);

  // A client comes: all it hears and all that hear it, at gain 1 in the middle. Now it counts in everybody's
  // row.
  void connect(int slot);
  // It goes, and counts no more.
  void disconnect(int slot);
  // False: it sounds as before.
  bool set_gain(int listener, int source, float gain);
  bool set_pan(int listener, int source, float pan);
  void set_channels(int listener, int channels);

  const Share& share(int listener, int source) const { return shares_[at(listener, source)]; }
  // Both hear the same of every connected client.
  bool alike(int one, int other) const;

 private:
  struct Setting {
    float gain = 1.0f;
    float pan = 0.5f;
  };

  size_t at(int listener, int source) const {
    return static_cast<size_t>(listener) * static_cast<size_t>(slots_) + static_cast<size_t>(source);
  }
  bool change(int listener, int source, const Setting& setting);
  void toggle(int listener, int source);
  Share share_of(int listener, const Setting& setting) const;

  int slots_;
  std::unique_ptr<Setting[]> settings_;
  std::unique_ptr<Share[]> shares_;
  std::unique_ptr<uint64_t[]> hashes_;
  std::unique_ptr<bool[]> stereo_;
  std::unique_ptr<bool[]> connected_;
};

}  // namespace plugjam
