// Tells a message from audio: only what is framed and checked as a message is one (spec 1.1, 1.2).
#pragma once

#include <cstdint>
#include <span>

namespace plugjam {

// CRC-16/GENIBUS, the check at the end of each message.
uint16_t crc16_genibus(std::span<const uint8_t> bytes);

// False: audio, or rubbish. The first bytes already tell for nearly every audio packet; a CRC is only worked
// out when tag and length fit, so at most once over the longest datagram.
bool is_message(std::span<const uint8_t> datagram);

}  // namespace plugjam
