// See datagram.h.
#include "net/datagram.h"

#include <array>
#include <cstddef>

namespace plugjam {

namespace {

constexpr size_t kHeaderBytes = 7;  // tag, ID, counter, body length
constexpr size_t kCrcBytes = 2;

constexpr std::array<uint16_t, 256> make_crc_table() {
  std::array<uint16_t, 256> table{};
  for (uint32_t byte = 0; byte < table.size(); ++byte) {
    uint32_t crc = byte << 8;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 0x8000) ? (crc << 1) ^ 0x1021 : crc << 1;
    table[byte] = static_cast<uint16_t>(crc);
  }
  return table;
}

constexpr std::array<uint16_t, 256> kCrcTable = make_crc_table();

uint16_t load_uint16_le(const uint8_t* bytes) { return static_cast<uint16_t>(bytes[0] | bytes[1] << 8); }

}  // namespace

uint16_t crc16_genibus(std::span<const uint8_t> bytes) {
  uint16_t crc = 0xffff;
  for (const uint8_t byte : bytes) {
    crc = static_cast<uint16_t>(crc << 8) ^ kCrcTable[static_cast<uint8_t>(crc >> 8) ^ byte];
  }
  return crc ^ 0xffff;
}

bool is_message(std::span<const uint8_t> datagram) {
  const size_t size = datagram.size();
  if (size < kHeaderBytes + kCrcBytes) return false;
  if (datagram[0] != 0 || datagram[1] != 0) return false;
  if (load_uint16_le(&datagram[5]) != size - kHeaderBytes - kCrcBytes) return false;
  return crc16_genibus(datagram.first(size - kCrcBytes)) == load_uint16_le(&datagram[size - kCrcBytes]);
}

}  // namespace plugjam
