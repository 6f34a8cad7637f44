// Finds the depth of the jitter buffer that the link needs, by trying all depths at once (spec 5.4).
//
// Beside the real buffer run ten that hold no data, of 2 … 11 blocks, each with a meter of how often it
// failed. The smallest that fails rarely enough is wanted; a slow filter with fast starts makes it a calm
// setting.
#pragma once

#include <array>
#include <cstdint>

#include "codec/audio_format.h"
#include "net/audio_packet.h"
#include "net/block_window.h"

namespace plugjam {

// Share of failures among the last events of a buffer. A failure right after a failure is no event: a pause
// of the sender is one trouble, not a hundred.
class FailureMeter {
 public:
  static constexpr int kMaxEvents = 22500;

  // `events` is 1 … kMaxEvents.
  void reset(int events);
  void add(bool failed);
  // 1 as long as nothing happened.
  double rate() const { return count_ == 0 ? 1.0 : static_cast<double>(failures_) / count_; }

 private:
  std::array<uint64_t, (kMaxEvents + 63) / 64> bits_{};  // ring of the last events, one bit each
  int events_ = kMaxEvents;
  int count_ = 0;
  int position_ = 0;
  int failures_ = 0;
  bool failing_ = true;
};

class DepthEstimator {
 public:
  static constexpr int kMinDepth = 2;
  static constexpr int kMaxAutoDepth = 11;

  DepthEstimator() { configure(AudioFormat{}); }

  // Starts anew for a valid format.
  void configure(const AudioFormat& format);
  // To be told of each packet and each block that the real buffer is asked for, in the same order.
  void put(const AudioPacket& packet);
  void get();

  // What the real buffer should be set to now, in blocks.
  int depth() const { return depth_; }
  // Of the simulated buffer of 2 … 11 blocks.
  double failure_rate(int depth) const { return simulations_[depth - kMinDepth].meter.rate(); }

 private:
  struct Simulation {
    SequencedWindow window;
    FifoWindow fifo;
    FailureMeter meter;
  };
  struct Weights {
    double up;
    double down;
  };
  struct Constants {
    int events;
    double bound;
    double upper_bound;
    Weights normal;
    Weights fast;
  };
  static constexpr int kSimulations = kMaxAutoDepth - kMinDepth + 1;
  static const Constants kLargeBlocks;
  static const Constants kSmallBlocks;

  int smallest_depth_within(double bound) const;
  void update();

  std::array<Simulation, kSimulations> simulations_;
  const Constants* constants_ = nullptr;
  bool sequenced_ = false;
  double filtered_ = 0;
  int starting_ = 0;  // updates left of the fast start
  int depth_ = 0;
};

}  // namespace plugjam
