// A clock seen through jitter: how soon it is known, how well, and what it makes of new routes.
#include "clock/clock_line.h"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <random>

#include "clock/clock_tracker.h"

using namespace plugjam;

namespace {

constexpr double kFrameNs = 1e9 / kSampleRate;

// Events of a clock that is off by `ppm`, each late by what `jitter_ns` says.
class Sender {
 public:
  Sender(double ppm, std::function<double(double seconds)> jitter_ns)
      : frame_ns_(kFrameNs / (1 + ppm * 1e-6)), jitter_ns_(std::move(jitter_ns)) {}

  double ideal_ns(int64_t frame) const { return 7.7e12 + static_cast<double>(frame) * frame_ns_; }
  int64_t frame() const { return frame_; }
  void send(ClockLine& line, double seconds) {
    for (const int64_t end = frame_ + static_cast<int64_t>(seconds * kSampleRate); frame_ < end;
         frame_ += 64) {
      const double delay = jitter_ns_(static_cast<double>(frame_) / kSampleRate);
      if (delay >= 0) line.add(frame_, std::llround(ideal_ns(frame_) + delay));
    }
  }
  double error_ppm(const ClockLine& line) const { return (line.pace() / (frame_ns_ / kFrameNs) - 1) * 1e6; }

 private:
  double frame_ns_;
  std::function<double(double)> jitter_ns_;
  int64_t frame_ = 0;
};

// What a line says now, against what is.
double off_ns(const ClockLine& line, const Sender& sender) {
  return line.time_of(static_cast<double>(sender.frame())) - sender.ideal_ns(sender.frame());
}

struct Jitter {
  std::mt19937 random{4711};
  double gauss(double sigma) { return std::fabs(std::normal_distribution<>(0, sigma)(random)); }
  double uniform() { return std::uniform_real_distribution<>(0, 1)(random); }
};

}  // namespace

TEST_CASE("a clock's rate is known to 1 ppm in 20 s and to 0.2 ppm in a minute, through 1 ms of jitter") {
  for (const double ppm : {-200.0, -50.0, 0.0, 3.0, 50.0, 200.0}) {
    Jitter jitter;
    Sender sender(ppm, [&](double) { return jitter.gauss(1e6); });
    ClockLine line(150);
    sender.send(line, 20);
    CAPTURE(ppm);
    CHECK(std::fabs(sender.error_ppm(line)) < 1);
    CHECK(line.doubt_ppm() < 2);
    sender.send(line, 40);
    CHECK(std::fabs(sender.error_ppm(line)) < 0.2);
    // And then it stays: within 1/50 of a block of 64, for ten minutes.
    double most = 0, least = 0;
    for (int i = 0; i < 600; ++i) {
      sender.send(line, 1);
      const double off = off_ns(line, sender);
      if (i == 0) most = least = off;
      most = std::max(most, off);
      least = std::min(least, off);
    }
    CHECK(most - least < 64 * kFrameNs / 50);
  }
}

TEST_CASE("stalls, bursts and lost packets do not bend the line") {
  Jitter jitter;
  double stalled_until = 0;
  Sender sender(-80, [&](double seconds) {
    if (jitter.uniform() < 0.002) stalled_until = seconds + 0.015 * 10 * jitter.uniform();
    if (jitter.uniform() < 0.05) return -1.0;
    return jitter.gauss(3e5) + std::max(0.0, stalled_until - seconds) * 1e9;
  });
  ClockLine line(150);
  sender.send(line, 30);
  CHECK(std::fabs(sender.error_ppm(line)) < 1);
  const double off = off_ns(line, sender);
  for (int i = 0; i < 100; ++i) {
    sender.send(line, 3);
    CHECK(std::fabs(off_ns(line, sender) - off) < 64 * kFrameNs / 25);
  }
}

TEST_CASE("a stall in the first moments bends the line, but not for good") {
  for (double begin = 0; begin < 2; begin += 0.07) {
    for (const double length : {0.26, 0.3, 0.4, 0.6, 0.95}) {
      Jitter jitter;
      Sender sender(20, [&](double seconds) {
        const bool stalled = seconds >= begin && seconds < begin + length;
        return jitter.gauss(2e5) + (stalled ? (begin + length - seconds) * 1e9 : 0);
      });
      ClockLine line(150);
      sender.send(line, 60);
      CAPTURE(begin);
      CAPTURE(length);
      CHECK(std::fabs(sender.error_ppm(line)) < 1);
    }
  }
}

TEST_CASE(
    "of a timer with slack no rate is told that is not so: events come earlier for seconds, then do not") {
  constexpr double kSlackNs = 50'000;
  for (double first = 0.5; first < 20; first += 0.5) {
    for (double length = 0.5; length < 20; length *= 2) {
      Sender sender(
          0, [&](double seconds) { return seconds >= first && seconds < first + length ? 0.0 : kSlackNs; });
      ClockLine line(30, kSlackNs);
      CAPTURE(first);
      CAPTURE(length);
      double most = 0;
      for (int second = 1; second < 60; ++second) {
        sender.send(line, 1);
        most = std::max(most, std::fabs(sender.error_ppm(line)) / line.doubt_ppm());
      }
      CHECK(most < 3);
    }
  }
}

TEST_CASE("a new route moves the events and not the line's time") {
  Jitter jitter;
  Sender sender(120, [&](double seconds) {
    return jitter.gauss(2e5) + 5e6 + (seconds > 40 ? 12e6 : 0) - (seconds > 80 ? 15e6 : 0);
  });
  ClockLine line(150);
  sender.send(line, 39);
  const double off = off_ns(line, sender);
  for (int i = 0; i < 90; ++i) {
    sender.send(line, 1);
    CHECK(std::fabs(sender.error_ppm(line)) < 1);
    CHECK(std::fabs(off_ns(line, sender) - off) < 64 * kFrameNs / 25);
  }
}

TEST_CASE("a clock that wanders with the warmth of the room is followed") {
  // 2 ppm to and fro in 10 minutes.
  ClockLine line(150);
  Jitter jitter;
  double ideal = 1e9;
  double most = 0;
  for (int64_t frame = 0; frame < int64_t{kSampleRate} * 1200; frame += 64) {
    const double seconds = static_cast<double>(frame) / kSampleRate;
    const double ppm = 20 + 2 * std::sin(2 * std::numbers::pi * seconds / 600);
    ideal += 64 * kFrameNs / (1 + ppm * 1e-6);
    line.add(frame, std::llround(ideal + jitter.gauss(1e5)));
    if (seconds > 60) most = std::max(most, std::fabs(line.time_of(static_cast<double>(frame)) - ideal));
  }
  CHECK(most < 64 * kFrameNs / 25);
}

TEST_CASE("the tracker tells how fast the card is, and 1 before it knows") {
  for (const double card_ppm : {-200.0, 0.0, 200.0}) {
    Jitter jitter;
    ClockTracker tracker;
    tracker.use_card(true);
    CHECK(tracker.ratio() == 1.0);
    CHECK(!tracker.drift_known());
    const double server_ppm = 10;
    double seconds = 0;
    double next_packet = 0;
    int64_t packet = 0;
    for (int i = 0; i < 60 * 750; ++i) {
      seconds += 64.0 / kSampleRate / (1 + card_ppm * 1e-6);
      for (; next_packet < seconds; next_packet += 64.0 / kSampleRate / (1 + server_ppm * 1e-6)) {
        tracker.packet(packet++ * 64, std::llround(next_packet * 1e9 + 3e6 + jitter.gauss(2e5)));
      }
      tracker.wake(64, std::llround(seconds * 1e9 + jitter.gauss(2e4)));
      if (i == 750) CHECK(!tracker.drift_known());
    }
    CHECK(tracker.drift_known());
    CHECK(tracker.steady());
    CHECK(tracker.drift_ppm() == doctest::Approx(card_ppm - server_ppm).epsilon(0.005));
    CHECK(tracker.ratio() == doctest::Approx(1 - (card_ppm - server_ppm) * 1e-6).epsilon(1e-6));
    // The card is pulled: nothing is known of the timer, and nothing has to be.
    tracker.use_card(false);
    CHECK(tracker.ratio() == 1.0);
    CHECK(!tracker.steady());
    CHECK(!tracker.drift_known());
  }
}
