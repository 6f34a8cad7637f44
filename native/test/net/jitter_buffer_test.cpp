// The rules of the jitter buffer, as tables of puts and gets.
#include "net/jitter_buffer.h"

#include <doctest/doctest.h>

#include <string>

#include "support/vectors.h"

using namespace plugjam;
using plugjam::test::Bytes;

namespace {

AudioFormat format_of(bool sequenced, int blocks_per_packet = 1) {
  return {.block_frames = 64,
          .channels = 1,
          .block_bytes = 12,
          .blocks_per_packet = blocks_per_packet,
          .sequenced = sequenced};
}

// A buffer whose blocks carry a letter, played by a script:
//   a17   a packet of one block "a" with sequence 17       ab   a packet of blocks "a" and "b", not sequenced
//   .     get                                              =3   resize to 3
class Script {
 public:
  Script(bool sequenced, int blocks_per_packet, int depth)
      : format_(format_of(sequenced, blocks_per_packet)) {
    buffer.configure(format_, depth);
  }

  // What the gets gave: letters, and "-" for each block that was missing.
  std::string play(const std::string& script) {
    std::string heard;
    for (size_t i = 0; i < script.size(); ++i) {
      if (script[i] == ' ') continue;
      if (script[i] == '.') {
        const uint8_t* block = buffer.get();
        heard += block ? static_cast<char>(block[0]) : '-';
      } else {
        size_t end = script.find(' ', i);
        if (end == std::string::npos) end = script.size();
        const std::string word = script.substr(i, end - i);
        word[0] == '=' ? buffer.resize(std::stoi(word.substr(1))) : put(word);
        i = end;
      }
    }
    return heard;
  }

  JitterBuffer buffer;

 private:
  void put(const std::string& word) {
    PacketAssembler assembler;
    assembler.configure(format_);
    if (format_.sequenced) {
      // The assembler counts from 0: let it count up to where the script wants it.
      for (int n = std::stoi(word.substr(1)); n > 0; --n) assembler.commit();
      assembler.next_block()[0] = static_cast<uint8_t>(word[0]);
      assembler.commit();
    } else {
      for (const char letter : word) {
        assembler.next_block()[0] = static_cast<uint8_t>(letter);
        assembler.commit();
      }
    }
    AudioPacket packet;
    REQUIRE(AudioPacket::split(assembler.packet(), format_, packet));
    buffer.put(packet);
  }

  AudioFormat format_;
};

struct Row {
  std::string what;
  int depth;
  std::string script;
  std::string heard;
  uint64_t late, underruns, overruns;
};

}  // namespace

TEST_CASE("sequenced jitter buffer") {
  const Row rows[] = {
      {"nothing came", 4, "...", "---", 0, 3, 0},
      {"in order", 4, "a0 b1 c2 ...", "abc", 0, 0, 0},
      {"in any order", 4, "c2 a0 b1 ...", "abc", 0, 0, 0},
      {"twice: the second copy stays", 4, "a0 A0 b1 ..", "Ab", 0, 0, 1},
      {"one is lost", 4, "a0 c2 ...", "a-c", 0, 1, 0},
      {"the last place", 4, "d3 ....", "---d", 0, 3, 0},
      {"beyond: the window moves on, its head falls off", 4, "a0 b1 e4 ....", "b--e", 0, 2, 1},
      {"far beyond: all falls off", 4, "a0 b1 z100 ....", "---z", 0, 3, 2},
      {"the farthest beyond", 4, "a0 z127 ....", "---z", 0, 3, 1},
      {"128 ahead is 128 behind", 4, "a0 z128 .", "z", 1, 0, 1},
      {"late by one: comes next, and the old head is lost", 4, "a0 b1 . c2 d3 A0 ....", "aA-cd", 1, 1, 1},
      {"late by two: the last place is lost too", 4, "..... f5 g6 h7 i8 d3 ....", "-----d--g", 1, 7, 3},
      {"late by the depth: all is lost", 2, ".... e4 f5 c2 ..", "----c-", 1, 5, 2},
      {"late by more than the depth", 2, ".... e4 f5 a0 ..", "----a-", 1, 5, 2},
      {"over the wrap", 3, "y254 z255 a0 ...", "yza", 1, 0, 0},
      {"depth 1", 1, "a0 . b1 . c2 d3 .", "abd", 0, 0, 1},
      {"smaller: the farthest are lost", 4, "a0 b1 c2 d3 =2 ....", "ab--", 0, 2, 0},
      {"larger: all stay, more fits", 2, "a0 b1 =4 c2 d3 ....", "abcd", 0, 0, 0},
      {"resized in mid-stream", 3, "a0 b1 . c2 d3 =2 . e4 =5 f5 ...", "ab-ef", 0, 1, 1},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    Script script(true, 1, row.depth);
    CHECK(script.play(row.script) == row.heard);
    CHECK(script.buffer.counts().late == row.late);
    CHECK(script.buffer.counts().underruns == row.underruns);
    CHECK(script.buffer.counts().overruns == row.overruns);
  }
}

TEST_CASE("plain jitter buffer, one block a packet") {
  const Row rows[] = {
      {"nothing came", 2, "..", "--", 0, 2, 0},
      {"first in, first out", 3, "a b . c d ...", "abcd", 0, 0, 0},
      {"full: the new one is refused", 2, "a b c ...", "ab-", 0, 1, 1},
      {"an underrun moves nothing", 2, ". a . .", "-a-", 0, 2, 0},
      {"smaller: the oldest stay", 4, "a b c d =2 ...", "ab-", 0, 1, 0},
      {"larger", 1, "a b =3 c d e ...", "acd", 0, 0, 2},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    Script script(false, 1, row.depth);
    CHECK(script.play(row.script) == row.heard);
    CHECK(script.buffer.counts().late == row.late);
    CHECK(script.buffer.counts().underruns == row.underruns);
    CHECK(script.buffer.counts().overruns == row.overruns);
  }
}

TEST_CASE("the first number of a sender becomes the middle of the window") {
  const AudioFormat format = format_of(true);
  for (const int first : {0, 3, 128, 200, 255}) {
    for (int depth = 1; depth <= 20; ++depth) {
      CAPTURE(first);
      CAPTURE(depth);
      Bytes datagram(13, 7);
      datagram[12] = static_cast<uint8_t>(first);
      AudioPacket packet;
      REQUIRE(AudioPacket::split(datagram, format, packet));
      JitterBuffer buffer;
      buffer.configure(format, depth);
      buffer.begin(packet);
      buffer.put(packet);
      for (int i = 0; i < (depth - 1) / 2; ++i) CHECK(buffer.get() == nullptr);
      CHECK(buffer.get() != nullptr);
      CHECK(buffer.counts().late + buffer.counts().overruns == 0);
    }
  }
}

TEST_CASE("a packet that does not fit is refused whole") {
  Script script(false, 2, 3);
  CHECK(script.play("ab cd ...") == "ab-");
  CHECK(script.buffer.counts().overruns == 2);
  Script never(false, 2, 1);
  CHECK(never.play("ab .") == "-");
}

TEST_CASE("the deepest buffer keeps its blocks for ever round") {
  for (const bool sequenced : {true, false}) {
    JitterBuffer buffer;
    const AudioFormat format = format_of(sequenced);
    buffer.configure(format, kMaxDepth);
    PacketAssembler assembler;
    assembler.configure(format);
    int wanted = 0;
    for (int number = 0; number < 1000; ++number) {
      assembler.next_block()[0] = static_cast<uint8_t>(number);
      assembler.next_block()[11] = static_cast<uint8_t>(number / 256);
      REQUIRE(assembler.commit());
      AudioPacket packet;
      REQUIRE(AudioPacket::split(assembler.packet(), format, packet));
      buffer.put(packet);
      if (number < kMaxDepth - 1) continue;
      CHECK(buffer.held() == kMaxDepth);
      const uint8_t* block = buffer.get();
      REQUIRE(block != nullptr);
      CHECK(block[0] + 256 * block[11] == wanted++);
    }
    CHECK(buffer.counts().underruns + buffer.counts().overruns + buffer.counts().late == 0);
  }
}

TEST_CASE("a new format empties the buffer and counts on") {
  Script script(true, 1, 4);
  CHECK(script.play("a0 b1 ..... c7") == "ab---");
  script.buffer.configure(format_of(true), 4);
  CHECK(script.buffer.held() == 0);
  CHECK(script.play(".") == "-");
  CHECK(script.buffer.counts().underruns == 4);
}
