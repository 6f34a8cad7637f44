// The automatic depth, on 24 simulated links, against what the reference gives
// (test/fixtures/audio/jitter-auto.jsonl).
#include "net/depth_estimator.h"

#include <doctest/doctest.h>

#include <utility>
#include <vector>

#include "net/jitter_buffer.h"
#include "support/vectors.h"

using namespace plugjam;
using namespace plugjam::test;

namespace {

constexpr int kFirstDepth = 10;  // of the real buffer in the simulated link

// When each packet arrives, in sending order; -1: never.
std::vector<int> arrivals(const Json& link) {
  uint32_t x = 1;
  const auto draw = [&x] { return (x = (1103515245u * x + 12345u) & 0x7fffffffu) >> 16; };
  const auto max_delay = static_cast<uint32_t>(link["maxDelay"].number);
  const auto loss = static_cast<uint32_t>(link["lossPermille"].number);
  std::vector<int> ticks;
  for (int n = 0; n < static_cast<int>(link["ticks"].number); ++n) {
    const int delay = max_delay > 0 ? static_cast<int>(draw() % (max_delay + 1)) : 0;
    const bool lost = loss > 0 && draw() % 1000 < loss;
    ticks.push_back(lost ? -1 : n + delay);
  }
  return ticks;
}

}  // namespace

TEST_CASE("automatic depth follows the reference on every link") {
  const auto links = read_json_lines(kAudioVectors + "jitter-auto.jsonl");
  REQUIRE(links.size() == 24);
  DepthEstimator estimator;
  for (const Json& link : links) {
    CAPTURE(link["frame"].number);
    CAPTURE(link["maxDelay"].number);
    CAPTURE(link["lossPermille"].number);
    const AudioFormat format{.block_frames = static_cast<int>(link["frame"].number),
                             .channels = 1,
                             .block_bytes = 12,
                             .blocks_per_packet = 1,
                             .sequenced = true};
    const std::vector<int> arrives = arrivals(link);
    const int ticks = static_cast<int>(arrives.size());
    JitterBuffer buffer;
    buffer.configure(format, kFirstDepth);
    estimator.configure(format);
    Bytes datagram(13);
    std::vector<std::pair<int, int>> changes;
    int depth = 0;
    for (int tick = 0; tick < ticks; ++tick) {
      const int max_delay = static_cast<int>(link["maxDelay"].number);
      for (int n = std::max(0, tick - max_delay); n <= tick; ++n) {
        if (arrives[n] != tick) continue;
        datagram[12] = static_cast<uint8_t>(n);
        AudioPacket packet;
        REQUIRE(AudioPacket::split(datagram, format, packet));
        buffer.put(packet);
        estimator.put(packet);
      }
      buffer.get();
      estimator.get();
      if (estimator.depth() != depth) {
        depth = estimator.depth();
        changes.emplace_back(tick, depth);
        buffer.resize(depth);
      }
    }
    const auto& expected = link["changes"].items;
    REQUIRE(changes.size() == expected.size());
    for (size_t i = 0; i < changes.size(); ++i) {
      CHECK(changes[i].first == expected[i][0].number);
      CHECK(changes[i].second == expected[i][1].number);
    }
    CHECK(buffer.counts().underruns == link["underruns"].number);
    for (int size = 2; size <= 11; ++size) {
      CHECK(estimator.failure_rate(size) == doctest::Approx(link["errRates"][size - 2].number).epsilon(6e-7));
    }
  }
}

TEST_CASE("failure meter") {
  FailureMeter meter;
  meter.reset(4);
  CHECK(meter.rate() == 1.0);
  meter.add(true);  // follows the initial state: no event
  CHECK(meter.rate() == 1.0);
  meter.add(false);
  CHECK(meter.rate() == 0.0);
  meter.add(true);
  CHECK(meter.rate() == 0.5);
  meter.add(true);  // follows a failure: no event
  CHECK(meter.rate() == 0.5);
  meter.add(false);
  meter.add(false);
  CHECK(meter.rate() == 0.25);
  meter.add(false);  // the first event leaves
  CHECK(meter.rate() == 0.25);
  meter.add(false);  // the failure leaves
  CHECK(meter.rate() == 0.0);
}

TEST_CASE("failure meter over its whole length, against a plain recount") {
  FailureMeter meter;
  meter.reset(FailureMeter::kMaxEvents);
  std::vector<bool> events;
  uint32_t x = 7;
  bool failing = true;
  for (int i = 0; i < 70000; ++i) {
    x = x * 1664525u + 1013904223u;
    const bool failed = x >> 29 == 0;
    meter.add(failed);
    if (failed && failing) continue;
    failing = failed;
    events.push_back(failed);
    if (i % 977 != 0) continue;
    const size_t length = std::min<size_t>(events.size(), FailureMeter::kMaxEvents);
    const auto failures = std::count(events.end() - static_cast<std::ptrdiff_t>(length), events.end(), true);
    REQUIRE(meter.rate() == static_cast<double>(failures) / static_cast<double>(length));
  }
}

TEST_CASE("a sender without numbers has its depth found as well") {
  // Two packets at once every second tick: a FIFO of two blocks is enough, so the depth falls to it.
  const AudioFormat format{.block_frames = 128, .channels = 1, .block_bytes = 25};
  const Bytes datagram(25);
  AudioPacket packet;
  REQUIRE(AudioPacket::split(datagram, format, packet));
  DepthEstimator estimator;
  estimator.configure(format);
  CHECK(estimator.depth() == 6);
  for (int tick = 0; tick < 20000; ++tick) {
    for (int i = 0; tick % 2 == 0 && i < 2; ++i) estimator.put(packet);
    estimator.get();
  }
  CHECK(estimator.depth() == 2);
  CHECK(estimator.failure_rate(2) == 0.0);
}
