// See audio_packet.h.
#include "net/audio_packet.h"

#include <cstddef>

namespace plugjam {

bool AudioPacket::split(std::span<const uint8_t> datagram, const AudioFormat& format, AudioPacket& packet) {
  if (datagram.size() != static_cast<size_t>(format.packet_bytes())) return false;
  packet.bytes_ = datagram.data();
  packet.format_ = format;
  return true;
}

void PacketAssembler::configure(const AudioFormat& format) {
  format_ = format;
  count_ = 0;
}

bool PacketAssembler::commit() {
  if (format_.sequenced) next_block()[format_.block_bytes] = sequence_;
  ++sequence_;
  if (++count_ < format_.blocks_per_packet) return false;
  count_ = 0;
  return true;
}

std::span<const uint8_t> PacketAssembler::packet() const {
  return {bytes_.data(), static_cast<size_t>(format_.packet_bytes())};
}

}  // namespace plugjam
