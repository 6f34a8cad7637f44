// As much of the protocol's messages as it takes to be let in by a server (spec 1, 2).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "codec/audio_format.h"
#include "net/datagram.h"

namespace plugjam::load {

enum MessageId : uint16_t {
  kAcknowledge = 1,
  kJitterBuffer = 10,
  kWantsJitterBuffer = 11,
  kGain = 13,
  kTransport = 20,
  kWantsTransport = 21,
  kProfile = 25,
  kWantsProfile = 23,
  kVersion = 29,
  kWantsSplit = 34,
  kSplits = 35,
  kFirstConnectionless = 1000,
  kGoodbye = 1010,
  kLastConnectionless = 1999,
};

class Writer {
 public:
  Writer& u8(int value) { return little(static_cast<uint64_t>(value), 1); }
  Writer& u16(int value) { return little(static_cast<uint64_t>(value), 2); }
  Writer& u32(int value) { return little(static_cast<uint64_t>(value), 4); }
  Writer& text(const std::string& text) {
    u16(static_cast<int>(text.size()));
    for (const char letter : text) u8(letter);
    return *this;
  }
  const std::vector<uint8_t>& bytes() const { return bytes_; }

 private:
  Writer& little(uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) bytes_.push_back(static_cast<uint8_t>(value >> 8 * i));
    return *this;
  }

  std::vector<uint8_t> bytes_;
};

inline std::vector<uint8_t> message(int id, int counter, const std::vector<uint8_t>& body) {
  Writer writer;
  writer.u16(0).u16(id).u8(counter).u16(static_cast<int>(body.size()));
  for (const uint8_t byte : body) writer.u8(byte);
  return writer.u16(crc16_genibus(writer.bytes())).bytes();
}

inline std::vector<uint8_t> transport(const AudioFormat& format) {
  return Writer()
      .u32(format.slot_bytes())
      .u16(format.blocks_per_packet)
      .u8(format.channels)
      .u32(kSampleRate)
      .u16(format.block_frames == 128 ? 2 : 3)
      .u16(format.sequenced ? 1 : 0)
      .u32(0)
      .bytes();
}

inline int read_u16(std::span<const uint8_t> bytes, size_t at) { return bytes[at] | bytes[at + 1] << 8; }

}  // namespace plugjam::load
