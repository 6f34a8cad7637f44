// Datagrams by the hundred thousand that no honest sender makes: each is counted once, and nothing breaks.
#include <doctest/doctest.h>

#include <algorithm>

#include "codec/block_decoder.h"
#include "net/audio_packet.h"
#include "net/datagram.h"
#include "net/depth_estimator.h"
#include "net/jitter_buffer.h"
#include "support/vectors.h"

using namespace plugjam;
using namespace plugjam::test;

namespace {

#ifdef PLUGJAM_SANITIZED
constexpr int kDatagrams = 1'000'000;
#else
constexpr int kDatagrams = 100'000;
#endif

class Random {
 public:
  explicit Random(uint32_t seed) : state_(seed) {}
  uint32_t next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 17;
    return state_ ^= state_ << 5;
  }
  int below(int limit) { return static_cast<int>(next() % static_cast<uint32_t>(limit)); }
  uint8_t byte() { return static_cast<uint8_t>(next() >> 24); }

 private:
  uint32_t state_;
};

AudioFormat any_format(Random& random) {
  AudioFormat format;
  do {
    format.block_frames = random.below(2) ? 64 : 128;
    format.channels = 1 + random.below(2);
    static constexpr const char* kQualities[] = {"low", "normal", "high"};
    const int quality = random.below(5);
    if (quality < 3)
      format.block_bytes = opus_block_bytes(format.block_frames, format.channels, kQualities[quality]);
    if (quality == 3) format.block_bytes = 2 * format.block_frames * format.channels;
    if (quality == 4) format.block_bytes = 9 + random.below(2 * format.block_frames * format.channels - 8);
    format.blocks_per_packet = 1 << random.below(3);
    format.sequenced = random.below(4) != 0;
  } while (!format.valid());
  return format;
}

// All vectors, as a stock to mutate.
std::vector<Bytes> captured_datagrams() {
  std::vector<Bytes> datagrams;
  for (const std::string& folder : {kAudioVectors, kMessageVectors}) {
    for (const std::string& file : list_files(folder, "")) {
      if (file.starts_with("jitter-")) continue;
      for (const Json& line : read_json_lines(folder + file)) datagrams.push_back(from_hex(line["hex"].text));
    }
  }
  return datagrams;
}

void corrupt(Random& random, Bytes& datagram) {
  const int flips = datagram.empty() ? 0 : 1 + random.below(4);
  for (int i = 0; i < flips; ++i) {
    uint8_t& byte = datagram[random.next() % datagram.size()];
    random.below(2) ? byte = random.byte() : byte ^= static_cast<uint8_t>(1u << random.below(8));
  }
}

// Fills in tag, length and CRC, so that it passes as a message whatever it holds.
void seal_as_message(Bytes& datagram) {
  if (datagram.size() < 9) datagram.resize(9);
  const size_t body = datagram.size() - 9;
  datagram[0] = datagram[1] = 0;
  datagram[5] = static_cast<uint8_t>(body & 0xff);
  datagram[6] = static_cast<uint8_t>(body >> 8);
  const uint16_t crc = crc16_genibus(std::span(datagram).first(datagram.size() - 2));
  datagram[datagram.size() - 2] = static_cast<uint8_t>(crc & 0xff);
  datagram[datagram.size() - 1] = static_cast<uint8_t>(crc >> 8);
}

void make(Random& random, const std::vector<Bytes>& stock, const AudioFormat& format, int number,
          Bytes& datagram) {
  const auto fill = [&](int size) {
    datagram.resize(static_cast<size_t>(size));
    for (uint8_t& byte : datagram) byte = random.byte();
  };
  switch (random.below(10)) {
    case 0:  // as captured
      datagram = stock[random.next() % stock.size()];
      break;
    case 1:  // captured, with a few bytes wrong
    case 2:
      datagram = stock[random.next() % stock.size()];
      corrupt(random, datagram);
      break;
    case 3:  // captured and cut
      datagram = stock[random.next() % stock.size()];
      datagram.resize(random.next() % (datagram.size() + 1));
      break;
    case 4:  // nonsense of any size, rarely huge
      fill(random.below(random.below(64) == 0 ? 20001 : 1500));
      break;
    case 5:  // nonsense that claims to be a message
      fill(random.below(200));
      if (datagram.size() >= 9) {
        datagram[0] = datagram[1] = datagram[6] = 0;
        datagram[5] = static_cast<uint8_t>(datagram.size() - 9);
      }
      break;
    case 6:  // nonsense that is one
      fill(random.below(random.below(64) == 0 ? 20001 : 200));
      seal_as_message(datagram);
      break;
    default:  // the agreed size: nonsense, or nonsense in good order
      fill(format.packet_bytes());
      for (int i = 0; random.below(2) && format.sequenced && i < format.blocks_per_packet; ++i) {
        datagram[static_cast<size_t>((i + 1) * format.slot_bytes() - 1)] =
            static_cast<uint8_t>(number * format.blocks_per_packet + i);
      }
  }
}

}  // namespace

TEST_CASE("hostile datagrams are counted, each once, and break nothing") {
  const std::vector<Bytes> stock = captured_datagrams();
  REQUIRE(stock.size() > 1000);
  Random random(20220517);
  JitterBuffer buffer;
  DepthEstimator estimator;
  BlockDecoder decoder;
  REQUIRE(decoder.ok());
  AudioFormat format;
  buffer.configure(format, 6);

  int messages = 0, wrong_size = 0, audio = 0;
  int blocks_in = 0, blocks_out = 0, discarded = 0, gets = 0, refused = 0;
  Bytes datagram;
  float samples[kMaxBlockFrames * kMaxChannels];
  for (int number = 0; number < kDatagrams; ++number) {
    if (random.below(1000) == 0) {
      discarded += buffer.held();
      format = any_format(random);
      buffer.configure(format, 1 + random.below(kMaxDepth));
      estimator.configure(format);
      decoder.configure(format);
    }
    if (random.below(100) == 0) {
      const int held = buffer.held();
      buffer.resize(1 + random.below(kMaxDepth));
      REQUIRE(buffer.held() <= buffer.depth());
      discarded += held - buffer.held();
    }
    make(random, stock, format, number, datagram);

    // A copy of just the datagram's size, so that one byte too far is seen.
    const Bytes received(datagram);
    AudioPacket packet;
    if (is_message(received)) {
      ++messages;
    } else if (!AudioPacket::split(received, format, packet)) {
      ++wrong_size;
    } else {
      ++audio;
      blocks_in += packet.block_count();
      buffer.put(packet);
      estimator.put(packet);
      REQUIRE(buffer.held() <= buffer.depth());
    }

    for (int i = random.below(format.blocks_per_packet + 1); i > 0; --i) {
      ++gets;
      const uint8_t* block = buffer.get();
      estimator.get();
      REQUIRE(estimator.depth() >= DepthEstimator::kMinDepth);
      REQUIRE(estimator.depth() <= DepthEstimator::kMaxAutoDepth);
      if (block) ++blocks_out;
      if (!block) {
        decoder.conceal(samples);
      } else if (!decoder.decode(block, samples)) {
        ++refused;
      }
      REQUIRE(std::all_of(samples, samples + format.block_frames * format.channels,
                          [](float sample) { return sample >= -1.0f && sample <= 1.0f; }));
    }
  }

  CHECK(messages + wrong_size + audio == kDatagrams);
  CHECK(messages > kDatagrams / 20);
  CHECK(wrong_size > kDatagrams / 20);
  CHECK(audio > kDatagrams / 20);
  CHECK(gets > kDatagrams / 2);
  CHECK(refused > 0);
  const JitterBufferCounts& counts = buffer.counts();
  CHECK(counts.underruns == static_cast<uint64_t>(gets - blocks_out));
  // What went in came out, was pushed out, was discarded on purpose, or is still there.
  CHECK(blocks_in == blocks_out + discarded + buffer.held() + static_cast<int64_t>(counts.overruns));
}
