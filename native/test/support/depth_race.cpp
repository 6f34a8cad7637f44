// See depth_race.h.
#include "support/depth_race.h"

#include <array>
#include <cstring>
#include <memory>
#include <vector>

#include "net/depth_estimator.h"
#include "net/depth_target.h"
#include "net/jitter_buffer.h"
#include "net/playout_buffer.h"

namespace plugjam {
namespace {

// A packet of one block, which carries the number whole.
class NumberedPacket {
 public:
  explicit NumberedPacket(int block_frames)
      : format_{.block_frames = block_frames, .channels = 1, .block_bytes = 12, .sequenced = true} {}
  const AudioFormat& format() const { return format_; }
  AudioPacket make(int number) {
    std::memcpy(bytes_.data(), &number, sizeof number);
    bytes_[12] = static_cast<uint8_t>(number);
    AudioPacket packet;
    AudioPacket::split(bytes_, format_, packet);
    return packet;
  }
  static int number(const uint8_t* block) {
    int number;
    std::memcpy(&number, block, sizeof number);
    return number;
  }

 private:
  std::array<uint8_t, 13> bytes_{};
  AudioFormat format_;
};

// Plays a trace to `put(arrival)` and `get(now)`, and keeps the account.
template <typename Put, typename Get>
DepthResult race(const PacketTrace& trace, double phase, Put put, Get get) {
  int64_t turns = 0, heard = 0;
  double held_ns = 0;
  auto arrival = trace.arrivals.begin();
  auto now = static_cast<int64_t>(phase * static_cast<double>(trace.interval_ns));
  for (; arrival != trace.arrivals.end(); now += trace.interval_ns) {
    for (; arrival != trace.arrivals.end() && arrival->at_ns <= now; ++arrival) put(*arrival);
    const uint8_t* block = now >= trace.arrivals.front().at_ns ? get(now) : nullptr;
    if (block != nullptr) {
      const int number = NumberedPacket::number(block);
      const int64_t earliest = number * trace.interval_ns + trace.base_ns[static_cast<size_t>(number)];
      held_ns += static_cast<double>(now - earliest);
      ++heard;
    }
    if (heard > 0) ++turns;
  }
  return {.held_ms = held_ns / 1e6 / static_cast<double>(heard),
          .concealed = static_cast<double>(turns - heard) / static_cast<double>(turns)};
}

DepthResult spec_at(const PacketTrace& trace, int block_frames, double phase) {
  NumberedPacket packets(block_frames);
  const auto buffer = std::make_unique<JitterBuffer>();
  const auto estimator = std::make_unique<DepthEstimator>();
  estimator->configure(packets.format());
  buffer->configure(packets.format(), estimator->depth());
  bool begun = false;
  int changes = 0;
  DepthResult result = race(
      trace, phase,
      [&](const Arrival& arrival) {
        const AudioPacket packet = packets.make(arrival.number);
        if (!begun) buffer->begin(packet);
        begun = true;
        estimator->put(packet);
        buffer->put(packet);
      },
      [&](int64_t) {
        const uint8_t* block = buffer->get();
        estimator->get();
        if (estimator->depth() != buffer->depth()) {
          buffer->resize(estimator->depth());
          ++changes;
        }
        return block;
      });
  result.changes = changes;
  return result;
}

DepthResult target_at(const PacketTrace& trace, int block_frames, double phase, double tolerated) {
  NumberedPacket packets(block_frames);
  const auto buffer = std::make_unique<PlayoutBuffer>();
  const auto target = std::make_unique<DepthTarget>();
  buffer->configure(packets.format());
  DepthResult result = race(
      trace, phase,
      [&](const Arrival& arrival) {
        bool restarted = false;
        const int64_t number = buffer->put(packets.make(arrival.number), restarted);
        if (restarted) target->configure(trace.interval_ns, tolerated);
        target->add(arrival.at_ns - number * trace.interval_ns);
      },
      [&](int64_t now) {
        return buffer->get(now - buffer->next() * trace.interval_ns, target->wanted_ns(), true);
      });
  result.changes = static_cast<int>(buffer->counts().skipped + buffer->counts().returns);
  return result;
}

template <typename Run>
DepthResult mean_over_phases(Run run) {
  DepthResult mean;
  for (const double phase : {0.15, 0.5, 0.85}) {
    const DepthResult each = run(phase);
    mean.held_ms += each.held_ms / 3;
    mean.concealed += each.concealed / 3;
    mean.changes += each.changes;
  }
  mean.changes /= 3;
  return mean;
}

}  // namespace

DepthResult run_spec_depth(const PacketTrace& trace, int block_frames) {
  return mean_over_phases([&](double phase) { return spec_at(trace, block_frames, phase); });
}

DepthResult run_depth_target(const PacketTrace& trace, int block_frames, double tolerated) {
  return mean_over_phases([&](double phase) { return target_at(trace, block_frames, phase, tolerated); });
}

DepthResult run_depth_target_at(const PacketTrace& trace, int block_frames, double concealed) {
  std::vector<DepthResult> tried;
  for (double tolerated = 0.0001; tolerated < 0.2; tolerated *= 1.3) {
    tried.push_back(run_depth_target(trace, block_frames, tolerated));
  }
  DepthResult best;
  for (const DepthResult& less : tried) {
    if (less.concealed > concealed) continue;
    for (const DepthResult& more : tried) {
      DepthResult mixed = less;
      if (more.concealed > concealed && more.held_ms < less.held_ms) {
        const double share = (concealed - less.concealed) / (more.concealed - less.concealed);
        mixed.held_ms += share * (more.held_ms - less.held_ms);
        mixed.concealed = concealed;
        mixed.changes += static_cast<int>(share * (more.changes - less.changes));
      }
      if (best.held_ms == 0 || mixed.held_ms < best.held_ms) best = mixed;
    }
  }
  return best;
}

}  // namespace plugjam
