// One crystal against our own clock: a line through the earliest of events that are never early, only late.
//
//   time   |          .     . /
//          |     .   .  .  /     .
//          |  .     .   /.
//          |    .    / .          each event comes some time after the line; the nearest ones tell where it
//          is |      /.
//          +----------------------- frame
#pragma once

#include <cstdint>

#include "codec/audio_format.h"

namespace plugjam {

class ClockLine {
 public:
  // How far off a crystal may be that nothing is known of, in ppm (one standard deviation); and by how much
  // its earliest events may move for seconds on end, as where they come from a timer with slack.
  explicit ClockLine(double usual_ppm, double slack_ns = 0) : usual_ppm_(usual_ppm), slack_ns_(slack_ns) {
    forget();
  }

  void forget();
  // What was frame 0 is no more, the crystal is the same: keeps the rate.
  void begin_anew() { begun_ = false; }

  // The clock had reached `frame` some time before `at_ns`. Frames may come out of order.
  void add(int64_t frame, int64_t at_ns);

  // An event has come; enough have to hold a delay by, and nothing right now speaks against it.
  bool begun() const { return begun_; }
  bool steady() const { return begun_ && points_ >= kSteadyPoints && strays_ == 0; }

  // When the clock reaches a frame, give or take what is the same for all. A new route moves all events; what
  // was on the line stays on it: this time goes on as if the route were still the old one.
  double time_of(double frame) const;
  double frame_at(double ns) const;

  // When the earliest events of a frame come by now, moved or not; as far as is known, in the beginning.
  double earliest_of(double frame) const;

  // How much later than time_of() even the earliest events come by now.
  double moved_frames() const { return moved_ns_ * kSampleRate / 1e9; }

  // Time for a frame, as a multiple of what it should be: a fast clock has less than 1.
  double pace() const { return 1.0 + rate_; }
  // One standard deviation of pace(), in ppm.
  double doubt_ppm() const;

 private:
  static constexpr int kSteadyPoints = 4;

  void doubt_all();
  void close_span(int64_t frame);
  void advance(double ns);
  void correct(double off_ns);

  double usual_ppm_;
  double slack_ns_;
  bool begun_ = false;
  double learnt_ns_ = 0;  // for so long
  int points_ = 0;        // earliest events that the line has been drawn through
  int64_t frame_ = 0;
  int64_t at_ns_ = 0;
  double offset_ns_ = 0;  // of the line from at_ns_ at frame_
  double moved_ns_ = 0;   // of that, left out of time_of()
  double rate_ = 0;
  // Variance of offset and rate (ns, ns per ns), and of an earliest event.
  double offset_variance_ = 0;
  double covariance_ = 0;
  double rate_variance_ = 0;
  double noise_variance_ = 0;

  double earliest_ns_ = 0;  // in this span, from the line
  int events_ = 0;          // in this span
  int strays_ = 0;          // earliest events in a row far from the line, on the same side
  double stray_ns_ = 0;     // the nearest of them
  bool moving_ = false;     // moved to where they were; no point has come to lie on it since
};

}  // namespace plugjam
