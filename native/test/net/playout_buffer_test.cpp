// Turns: what is heard when, as tables of puts and gets.
#include "net/playout_buffer.h"

#include <doctest/doctest.h>

#include <array>
#include <memory>

using namespace plugjam;

namespace {

constexpr int64_t kBlockNs = 64'000'000'000 / 48'000;
constexpr int kNothing = -1;

// Blocks whose first byte is their number.
class Rig {
 public:
  explicit Rig(int blocks_per_packet = 1, bool sequenced = true)
      : format_{.channels = 1,
                .block_bytes = 12,
                .blocks_per_packet = blocks_per_packet,
                .sequenced = sequenced} {
    buffer_->configure(format_);
  }
  PlayoutBuffer& buffer() { return *buffer_; }
  bool restarted() const { return restarted_; }
  int64_t put(int number) {
    for (int i = 0; i < format_.blocks_per_packet; ++i) {
      uint8_t* block = bytes_.data() + i * format_.slot_bytes();
      block[0] = static_cast<uint8_t>(number + i);
      if (format_.sequenced) block[format_.block_bytes] = static_cast<uint8_t>(number + i);
    }
    AudioPacket packet;
    REQUIRE(
        AudioPacket::split({bytes_.data(), static_cast<size_t>(format_.packet_bytes())}, format_, packet));
    return buffer_->put(packet, restarted_);
  }
  // `off` blocks deeper than wanted; negative: not deep enough.
  int get(double off = 0, bool may_skip = true) {
    const uint8_t* block = buffer_->get(static_cast<int64_t>(off * kBlockNs), 0, may_skip);
    return block == nullptr ? kNothing : block[0];
  }

 private:
  AudioFormat format_;
  std::array<uint8_t, 64> bytes_{};
  std::unique_ptr<PlayoutBuffer> buffer_ = std::make_unique<PlayoutBuffer>();
  bool restarted_ = false;
};

}  // namespace

TEST_CASE("playout: in order, whatever the order of arrival") {
  Rig rig;
  CHECK(rig.buffer().empty());
  CHECK(rig.put(250) == 250 - 256);
  CHECK(rig.restarted());
  for (const int number : {252, 251, 254, 253}) rig.put(number);
  CHECK_FALSE(rig.restarted());
  for (int number = 250; number < 255; ++number) CHECK(rig.get() == number);
  CHECK(rig.get() == kNothing);
  CHECK(rig.buffer().counts().missing == 1);
}

TEST_CASE("playout: waits before the first block as long as wanted") {
  Rig rig;
  rig.put(0);
  CHECK(rig.get(-2.5) == kNothing);
  rig.put(1);
  CHECK(rig.get() == kNothing);
  CHECK(rig.get() == kNothing);
  CHECK(rig.get() == 0);
  CHECK(rig.get() == 1);
}

TEST_CASE("playout: a late block costs only itself") {
  Rig rig;
  rig.put(0);
  CHECK(rig.get() == 0);
  CHECK(rig.get() == kNothing);
  rig.put(1);
  rig.put(2);
  CHECK(rig.get() == 2);
  CHECK(rig.buffer().counts().late == 1);
  CHECK(rig.buffer().counts().missing == 1);
}

TEST_CASE("playout: depth goes up over what was missed, never over what was heard") {
  Rig rig;
  rig.put(0);
  CHECK(rig.get() == 0);
  CHECK(rig.get() == kNothing);
  CHECK(rig.get() == kNothing);
  SUBCASE("all of it has come") {
    for (const int number : {1, 2, 3}) rig.put(number);
    CHECK(rig.get(-9) == 1);
    CHECK(rig.get(-9) == 2);
    CHECK(rig.get(-9) == 3);
    CHECK(rig.buffer().counts().returns == 1);
  }
  SUBCASE("only as far as wanted") {
    for (const int number : {1, 2, 3}) rig.put(number);
    CHECK(rig.get(-0.5) == 2);
  }
  SUBCASE("a part is lost, and this turn's block is there: no new gap is made") {
    for (const int number : {1, 3}) rig.put(number);
    CHECK(rig.get(-9) == 3);
  }
  SUBCASE("nothing is there yet: this turn is concealed in any case") {
    CHECK(rig.get(-9) == kNothing);
    for (const int number : {2, 3}) rig.put(number);
    CHECK(rig.get() == 2);
    CHECK(rig.get() == 3);
  }
}

TEST_CASE("playout: depth comes down by a block when more than one is spare, and only if allowed") {
  Rig rig;
  for (int number = 0; number < 8; ++number) rig.put(number);
  CHECK(rig.get() == 0);
  CHECK(rig.get(1.1) == 1);
  CHECK(rig.get(1.5, false) == 2);
  CHECK(rig.get(1.5) == 4);
  CHECK(rig.buffer().counts().skipped == 1);
  for (int number = 5; number < 7; ++number) CHECK(rig.get() == number);
  CHECK(rig.get(3) == 7);  // the one after is not there
}

TEST_CASE("playout: numbers go round for as long as it plays") {
  Rig rig;
  for (int number = 0; number < 1000; ++number) {
    CHECK(rig.put(number) == number);
    CHECK(rig.restarted() == (number == 0));
    CHECK(rig.get() == number % 256);
  }
}

TEST_CASE("playout: a sender that begins anew elsewhere is followed") {
  Rig rig;
  rig.put(0);
  rig.get();
  CHECK(rig.put(100) == 100);
  CHECK(rig.restarted());
  CHECK(rig.get() == 100);
  CHECK(rig.put(0) == 0);
  CHECK(rig.restarted());
  CHECK(rig.get() == 0);
}

TEST_CASE("playout: packets of several blocks, and senders without numbers") {
  Rig packed(4);
  packed.put(0);
  packed.put(4);
  for (int number = 0; number < 8; ++number) CHECK(packed.get() == number);

  Rig counted(2, false);
  CHECK(counted.put(40) == 0);
  CHECK(counted.put(42) == 2);
  for (int number = 40; number < 44; ++number) CHECK(counted.get() == number);
  CHECK(counted.get() == kNothing);
}
