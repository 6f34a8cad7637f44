// The queues between threads: order, fullness, and no value torn or lost while both ends run.
#include <doctest/doctest.h>
#include <poll.h>

#include <array>
#include <numeric>
#include <thread>
#include <vector>

#include "rt/datagram_ring.h"
#include "rt/seqlock.h"
#include "rt/spsc_ring.h"
#include "rt/wakeup.h"

using namespace plugjam;

TEST_CASE("a ring gives back what it got, in order, and says when it is full or empty") {
  SpscRing<int, 4> ring;
  int value = 0;
  CHECK(!ring.pop(value));
  for (int i = 0; i < 4; ++i) CHECK(ring.push(i));
  CHECK(!ring.push(99));
  for (int i = 0; i < 4; ++i) {
    REQUIRE(ring.pop(value));
    CHECK(value == i);
  }
  CHECK(!ring.pop(value));
}

TEST_CASE("a ring between two threads loses and tears nothing") {
  struct Pair {
    uint64_t value;
    uint64_t inverse;
  };
  constexpr uint64_t kCount = 200'000;
  static SpscRing<Pair, 64> ring;
  std::thread writer([] {
    for (uint64_t i = 0; i < kCount;) {
      if (ring.push({i, ~i})) {
        ++i;
      } else {
        std::this_thread::yield();
      }
    }
  });
  uint64_t expected = 0;
  uint64_t torn = 0;
  while (expected < kCount) {
    Pair pair{};
    if (!ring.pop(pair)) {
      std::this_thread::yield();
      continue;
    }
    torn += pair.value != expected || pair.inverse != ~expected;
    ++expected;
  }
  writer.join();
  CHECK(torn == 0);
}

TEST_CASE("a datagram ring keeps records of any length whole, across its end") {
  static DatagramRing<uint32_t, 1024> ring;
  std::array<uint8_t, 1024> out{};
  size_t length = 0;
  uint32_t header = 0;
  for (uint32_t round = 0; round < 500; ++round) {
    std::vector<uint8_t> in(round % 300);
    std::iota(in.begin(), in.end(), static_cast<uint8_t>(round));
    REQUIRE(ring.push(round, in));
    REQUIRE(ring.pop(header, out, length));
    CHECK(header == round);
    CHECK(std::vector<uint8_t>(out.begin(), out.begin() + static_cast<long>(length)) == in);
  }
  CHECK(!ring.pop(header, out, length));
}

TEST_CASE("a datagram ring refuses what does not fit and keeps what it has") {
  static DatagramRing<uint32_t, 256> ring;
  const std::vector<uint8_t> record(100, 7);
  CHECK(ring.push(1, record));
  CHECK(ring.push(2, record));
  CHECK(!ring.push(3, record));
  std::array<uint8_t, 256> out{};
  uint32_t header = 0;
  size_t length = 0;
  CHECK(ring.pop(header, out, length));
  CHECK(header == 1);
  CHECK(ring.push(3, record));
}

TEST_CASE("a seqlock never shows a value half old, half new") {
  struct Wide {
    std::array<uint64_t, 9> words;
  };
  static Seqlock<Wide> lock;
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    for (uint64_t i = 0; !stop; ++i) {
      Wide wide;
      wide.words.fill(i);
      lock.store(wide);
    }
  });
  int torn = 0;
  for (int i = 0; i < 50'000; ++i) {
    const Wide wide = lock.load();
    for (const uint64_t word : wide.words) torn += word != wide.words[0];
  }
  stop = true;
  writer.join();
  CHECK(torn == 0);
}

TEST_CASE("a wakeup makes its descriptor readable until it is cleared") {
  Wakeup wakeup;
  const auto readable = [&] {
    pollfd descriptor{wakeup.fd(), POLLIN, 0};
    return poll(&descriptor, 1, 0) == 1;
  };
  CHECK(!readable());
  wakeup.ring();
  wakeup.ring();
  CHECK(readable());
  wakeup.clear();
  CHECK(!readable());
}
