// Message or audio?
#include "net/datagram.h"

#include <doctest/doctest.h>

#include "support/vectors.h"

using namespace plugjam;
using namespace plugjam::test;

TEST_CASE("the check value of CRC-16/GENIBUS") {
  const std::string digits = "123456789";
  const Bytes bytes(digits.begin(), digits.end());
  CHECK(crc16_genibus(bytes) == 0xd64e);
  CHECK(crc16_genibus({}) == 0);
}

TEST_CASE("frames that real programs sent are messages") {
  for (const char* hex : {
           "0000f20300000038ee",
           "0000200000010000f9cc",
           "00000100000200200062b4",
           "00000d000f0300018a190823",
           "0000e903000400dc0300000ede",
       }) {
    CAPTURE(hex);
    CHECK(is_message(from_hex(hex)));
  }
}

TEST_CASE("anything changed, cut or added makes it audio") {
  const Bytes good = from_hex("0000f20300000038ee");
  REQUIRE(is_message(good));
  for (size_t bit = 0; bit < good.size() * 8; ++bit) {
    Bytes bad = good;
    bad[bit / 8] ^= static_cast<uint8_t>(1u << bit % 8);
    CAPTURE(bit);
    CHECK_FALSE(is_message(bad));
  }
  for (size_t size = 0; size < good.size(); ++size) {
    CHECK_FALSE(is_message(std::span(good).first(size)));
  }
  Bytes longer = good;
  longer.push_back(0);
  CHECK_FALSE(is_message(longer));
}

TEST_CASE("a message may fill the longest datagram") {
  Bytes longest(20000, 0x5a);
  longest[0] = longest[1] = 0;
  const size_t body = longest.size() - 9;
  longest[5] = static_cast<uint8_t>(body & 0xff);
  longest[6] = static_cast<uint8_t>(body >> 8);
  const uint16_t crc = crc16_genibus(std::span(longest).first(longest.size() - 2));
  longest[19998] = static_cast<uint8_t>(crc & 0xff);
  longest[19999] = static_cast<uint8_t>(crc >> 8);
  CHECK(is_message(longest));
  longest[10000] ^= 1;
  CHECK_FALSE(is_message(longest));
}

TEST_CASE("every message vector is a message, no audio vector is") {
  int messages = 0;
  for (const std::string& file : list_files(kMessageVectors, "messages-")) {
    for (const Json& line : read_json_lines(kMessageVectors + file)) {
      CAPTURE(line["hex"].text);
      CHECK(is_message(from_hex(line["hex"].text)));
      ++messages;
    }
  }
  CHECK(messages > 100);
  int packets = 0;
  for (const std::string& file : list_files(kAudioVectors, "audio-")) {
    for (const Json& line : read_json_lines(kAudioVectors + file)) {
      CHECK_FALSE(is_message(from_hex(line["hex"].text)));
      ++packets;
    }
  }
  CHECK(packets > 1000);
}
