// The server's clock against the card's: the ratio of their rates, and where each is now.
#pragma once

#include <cstdint>

#include "clock/clock_line.h"

namespace plugjam {

class ClockTracker {
 public:
  // ---- the card; measured in a session and out of one ----

  // Another card, or (`is_card` false) a timer that keeps our own time.
  void use_card(bool is_card);
  // The same card, after it ran over or dry.
  void restart_card() { card_.begin_anew(); }
  // The card has moved on by `frames`, and woke us at `at_ns`.
  void wake(int frames, int64_t at_ns);

  // ---- the server ----

  // Another server, or another run of the same.
  void forget_server() { server_.forget(); }
  // The same server, after a pause.
  void restart_server() { server_.begin_anew(); }
  // A packet came whose last block begins at `frame` of all that the server has sent.
  void packet(int64_t frame, int64_t at_ns) { server_.add(frame, at_ns); }

  // ---- what is known ----

  // Frames of the server to a frame of the card; 1 while it is not known.
  double ratio() const { return ratio_known() ? card_.pace() / server_.pace() : 1.0; }
  bool ratio_known() const {
    return is_card_ && card_.doubt_ppm() < kMostDoubtPpm && -kMostPpm < drift_ppm() && drift_ppm() < kMostPpm;
  }
  // The same, as far as can be told by now: nearer than 1, if not near.
  double likely_ratio() const {
    const bool possible = -kMostPpm < drift_ppm() && drift_ppm() < kMostPpm;
    return is_card_ && possible ? card_.pace() / server_.pace() : 1.0;
  }
  // By how many ppm the card is fast; only when both are measured.
  bool drift_known() const { return ratio_known() && server_.doubt_ppm() < kMostDoubtPpm; }
  double drift_ppm() const { return (server_.pace() / card_.pace() - 1.0) * 1e6; }
  // They differ by 1 ppm or more, beyond doubt; they do not.
  bool differs() const;
  bool agrees() const;

  // Both clocks are known well enough to hold a delay between them.
  bool steady() const { return is_card_ && card_.steady() && server_.steady(); }
  // From here on: nonsense until a packet came.
  // How long after the ideal moment a packet came. What is constant in it is arbitrary.
  int64_t lateness_ns(int64_t frame, int64_t at_ns) const {
    return static_cast<int64_t>(static_cast<double>(at_ns) - server_.time_of(static_cast<double>(frame)));
  }
  // The same of the earliest that come by now, in frames.
  double detour_frames() const { return server_.moved_frames(); }
  // The server's frame now, which is when the card woke us, had it been in time.
  double server_frame() const { return server_.frame_at(woken_ns()); }

 private:
  // Both are used before they are exact: a rate off by this much needs minutes for a block.
  static constexpr double kMostDoubtPpm = 4;
  // Linux' own, for threads at normal priority.
  static constexpr double kTimerSlackNs = 50'000;
  // No crystal is off by more; a card that runs at another rate than it says is not followed.
  static constexpr double kMostPpm = 1000;

  double woken_ns() const;
  double doubt_ppm() const;

  ClockLine card_{150};
  // Servers mostly have their time, and with it their rate, from the network.
  ClockLine server_{30, kTimerSlackNs};
  bool is_card_ = false;
  int64_t card_frame_ = 0;
  int64_t woken_at_ns_ = 0;
};

}  // namespace plugjam
