// A server and a card with crystals of their own, and between them a pipeline and a network that delays.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <vector>

#include "engine/pipeline.h"
#include "net/block_window.h"

namespace plugjam::test {

struct TwoClocks final : private PacketSink {
  struct Settings {
    double card_ppm = 0;
    double server_ppm = 0;
    int period_frames = 64;
    AudioFormat format{64, 2, 256, 1, true};
    // Late by so much, in seconds, beyond the way itself.
    std::function<double(std::mt19937&, double now)> jitter = [](std::mt19937&, double) { return 0.0; };
    std::function<double(std::mt19937&, double now)> wake_jitter = [](std::mt19937&, double) { return 0.0; };
    int server_depth = 6;  // of the server's jitter buffer (spec 5.2); where its own automatism begins
    int depth = 0;         // of the box
    bool is_card = true;
  };

  explicit TwoClocks(Settings settings);

  // The tones that the server sends and the card hears, each in its own clock's Hz.
  static constexpr double kServerHertz = 997;
  static constexpr double kCardHertz = 1499;

  void run(double seconds);

  Counters counters() const;
  void set_jitter(int blocks) { pipeline_->set_jitter(blocks); }
  // The card stops for so long, as after an xrun.
  void stall_card(double seconds);
  // The server is another process now, that counts its blocks anew; its clock ticks on.
  void restart_server() { server_number_ = 77; }
  // Nothing comes from the server for so long, although it goes on.
  void silence_server(double seconds) { silent_until_ = end_ + seconds; }

  std::vector<float> played;    // the left channel
  std::vector<float> received;  // what the server's buffer gave, the left channel
  std::vector<float> heard;     // what the card heard
  std::vector<float> spoken;    // what the server sent
  int server_underruns = 0;
  int server_drops = 0;
  int server_late = 0;

 private:
  struct Flying {
    double at;
    std::vector<uint8_t> packet;
  };

  void wake();
  void server_tick();
  void deliver(double until);
  void send(std::span<const uint8_t> packet) override;

  Settings settings_;
  std::mt19937 random_{20};
  std::unique_ptr<Pipeline> pipeline_;
  int64_t card_periods_ = 0;
  int64_t server_blocks_ = 0;
  uint8_t server_number_ = 0;
  double card_stood_ = 0;
  double now_ = 0;
  double end_ = 0;
  double silent_until_ = 0;
  std::vector<Flying> to_box_;
  std::vector<Flying> to_server_;
  double last_to_box_ = 0;
  double last_to_server_ = 0;
  SequencedWindow window_;
  bool window_begun_ = false;
  std::vector<std::vector<uint8_t>> blocks_{256};
};

// How far the rest lies below a tone whose frequency is about this, in dB; its phase may run evenly.
double tone_noise_db(const std::vector<float>& samples, size_t from, size_t frames, double hertz);
// The largest break in a tone of amplitude 1 whose frequency is within 0.1 % of this.
double largest_break(const std::vector<float>& samples, size_t from, size_t to, double hertz);

}  // namespace plugjam::test
