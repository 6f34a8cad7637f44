// Blocks into datagrams and out of them.
#include "net/audio_packet.h"

#include <doctest/doctest.h>

#include <cstring>

#include "support/vectors.h"

using namespace plugjam;
using namespace plugjam::test;

namespace {

void fill(PacketAssembler& assembler, const AudioFormat& format, uint8_t value) {
  std::memset(assembler.next_block(), value, format.block_bytes);
}

}  // namespace

TEST_CASE("what is assembled splits into the same blocks") {
  for (const int blocks_per_packet : {1, 2, 4}) {
    for (const bool sequenced : {false, true}) {
      for (const int block_bytes : {12, 73, 165, 512}) {
        const AudioFormat format{.block_frames = 128,
                                 .channels = 2,
                                 .block_bytes = block_bytes,
                                 .blocks_per_packet = blocks_per_packet,
                                 .sequenced = sequenced};
        CAPTURE(blocks_per_packet);
        CAPTURE(sequenced);
        CAPTURE(block_bytes);
        PacketAssembler assembler;
        assembler.configure(format);
        for (int number = 0; number < 600;) {
          const int first = number;
          for (int i = 0; i < blocks_per_packet; ++i) {
            fill(assembler, format, static_cast<uint8_t>(number * 7));
            REQUIRE(assembler.commit() == (i == blocks_per_packet - 1));
            ++number;
          }
          const auto datagram = assembler.packet();
          REQUIRE(datagram.size() ==
                  static_cast<size_t>(blocks_per_packet * (block_bytes + (sequenced ? 1 : 0))));
          AudioPacket packet;
          REQUIRE(AudioPacket::split(datagram, format, packet));
          REQUIRE(packet.block_count() == blocks_per_packet);
          for (int i = 0; i < blocks_per_packet; ++i) {
            REQUIRE(packet.block(i)[0] == static_cast<uint8_t>((first + i) * 7));
            REQUIRE(packet.block(i)[block_bytes - 1] == static_cast<uint8_t>((first + i) * 7));
            if (sequenced) REQUIRE(packet.sequence(i) == static_cast<uint8_t>(first + i));
          }
        }
      }
    }
  }
}

TEST_CASE("a datagram of any other size is not split") {
  const AudioFormat format{.blocks_per_packet = 2, .sequenced = true};
  const Bytes bytes(20000);
  AudioPacket packet;
  for (size_t size = 0; size < 400; ++size) {
    CHECK(AudioPacket::split(std::span(bytes).first(size), format, packet) == (size == 148));
  }
  CHECK_FALSE(AudioPacket::split(bytes, format, packet));
}

TEST_CASE("a change of format drops half a packet and numbers on") {
  const AudioFormat two{.blocks_per_packet = 2, .sequenced = true};
  AudioFormat one = two;
  one.blocks_per_packet = 1;
  PacketAssembler assembler;
  assembler.configure(two);
  for (int i = 0; i < 3; ++i) {
    fill(assembler, two, 1);
    assembler.commit();
  }
  assembler.configure(one);
  fill(assembler, one, 9);
  REQUIRE(assembler.commit());
  CHECK(assembler.packet().size() == 74);
  CHECK(assembler.packet()[0] == 9);
  CHECK(assembler.packet()[73] == 3);
}

TEST_CASE("blocks that wait for others can be written anew") {
  const AudioFormat format{.blocks_per_packet = 4, .sequenced = true};
  PacketAssembler assembler;
  assembler.configure(format);
  CHECK(assembler.held() == 0);
  for (uint8_t i = 0; i < 3; ++i) {
    fill(assembler, format, i);
    CHECK_FALSE(assembler.commit());
  }
  REQUIRE(assembler.held() == 3);
  for (int i = 0; i < 3; ++i) assembler.block(i)[0] = 77;
  fill(assembler, format, 3);
  REQUIRE(assembler.commit());
  CHECK(assembler.held() == 0);
  for (size_t i = 0; i < 4; ++i) {
    CHECK(assembler.packet()[i * 74] == (i < 3 ? 77 : 3));
    CHECK(assembler.packet()[i * 74 + 73] == i);
  }
}

TEST_CASE("the sequence bytes of every captured stream count up") {
  int checked = 0;
  for (const std::string& file : list_files(kAudioVectors, "audio-")) {
    AudioFormat format = format_of_file(file);
    format.sequenced = true;
    int expected = -1;
    std::string before;
    for (const Json& line : read_json_lines(kAudioVectors + file)) {
      const std::string part = line["dir"].text + line["part"].text;
      if (part != before) expected = -1;
      before = part;
      const Bytes datagram = from_hex(line["hex"].text);
      AudioPacket packet;
      if (!AudioPacket::split(datagram, format, packet)) continue;
      CAPTURE(file);
      for (int i = 0; i < packet.block_count(); ++i) {
        if (expected >= 0) CHECK(packet.sequence(i) == expected);
        expected = (packet.sequence(i) + 1) % 256;
        ++checked;
      }
    }
  }
  CHECK(checked > 1500);
}
