// Where the mark lies, how fast it rises and how slowly it falls.
#include "net/depth_target.h"

#include <doctest/doctest.h>

using namespace plugjam;

namespace {

constexpr int64_t kMs = 1'000'000;
constexpr int64_t kBlockNs = 1'333'333;
constexpr int kSecond = 750;  // packets

DepthTarget made() {
  DepthTarget target;
  target.configure(kBlockNs);
  return target;
}

void add(DepthTarget& target, int packets, int64_t lateness_ns) {
  for (int i = 0; i < packets; ++i) target.add(lateness_ns);
}

}  // namespace

TEST_CASE("depth target: begins careful, and learns that there is no need") {
  DepthTarget target = made();
  CHECK_FALSE(target.any());
  target.add(50 * kMs);
  CHECK(target.any());
  CHECK(target.wanted_ns() >= 50 * kMs + DepthTarget::kFirstDepthNs);
  add(target, 3 * kSecond, 50 * kMs);
  CHECK(target.wanted_ns() <= 50 * kMs + DepthTarget::kBinNs);
  CHECK(target.wanted_ns() > 50 * kMs);
}

TEST_CASE("depth target: a burst raises it within itself, and is forgotten in seconds") {
  DepthTarget target = made();
  add(target, 10 * kSecond, 0);
  for (int i = 0; i < 11; ++i) target.add(15 * kMs - i * kBlockNs);
  CHECK(target.wanted_ns() > 12 * kMs);
  add(target, kSecond / 4, 0);
  CHECK(target.wanted_ns() > 9 * kMs);
  int packets = 0;
  for (int64_t before = target.wanted_ns(); target.wanted_ns() > kMs; ++packets) {
    target.add(0);
    CHECK(target.wanted_ns() <= before);
    before = target.wanted_ns();
    REQUIRE(packets < 10 * kSecond);
  }
  CHECK(packets > kSecond);
}

TEST_CASE("depth target: what is late more rarely than tolerated does not hold it up") {
  DepthTarget target = made();
  for (int i = 0; i < 20 * kSecond; ++i) target.add(i % 1000 == 0 ? 20 * kMs : 0);
  add(target, 999, 0);
  CHECK(target.wanted_ns() <= kMs);
}

TEST_CASE("depth target: a longer route is met in a few packets, a shorter one within half a second") {
  DepthTarget target = made();
  add(target, 10 * kSecond, 0);
  add(target, 4, 40 * kMs);
  CHECK(target.wanted_ns() > 40 * kMs);
  add(target, 30 * kSecond, 40 * kMs);
  add(target, kSecond / 2, 0);
  CHECK(target.wanted_ns() < kMs);
  CHECK(target.wanted_ns() > 0);
}

TEST_CASE("depth target: any lateness is taken, however far off") {
  DepthTarget target = made();
  for (const int64_t lateness : {int64_t{0}, 3'600'000 * kMs, -3'600'000 * kMs, int64_t{0}}) {
    add(target, 10 * kSecond, lateness);
    CHECK(target.wanted_ns() > lateness);
  }
}

TEST_CASE("depth target: hours do not wear it out") {
  DepthTarget target = made();
  for (int i = 0; i < 3600 * kSecond; ++i) target.add(i % 7 * kMs / 2);
  CHECK(target.wanted_ns() > 3 * kMs);
  CHECK(target.wanted_ns() <= 3 * kMs + DepthTarget::kBinNs);
}
