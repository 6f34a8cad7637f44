// Many datagrams by one system call each way: a server's share of calls per client is what it costs most.
#pragma once

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "codec/audio_format.h"
#include "net/udp_socket.h"

namespace plugjam {

// Datagrams that have come in. All indices are below what receive() returned.
class IncomingBatch {
 public:
  static constexpr int kMost = 32;

  IncomingBatch();

  // Takes what is waiting, at most kMost; 0: nothing is.
  int receive(const UdpSocket& socket);
  std::span<const uint8_t> bytes(int index) const {
    return {buffer(index), headers_[static_cast<size_t>(index)].msg_len};
  }
  Endpoint from(int index) const { return Endpoint::from(addresses_[static_cast<size_t>(index)]); }
  // It was longer than any datagram of the protocol.
  bool cut(int index) const { return headers_[static_cast<size_t>(index)].msg_hdr.msg_flags & MSG_TRUNC; }
  int64_t at_ns(int index) { return arrival_ns(headers_[static_cast<size_t>(index)].msg_hdr); }

 private:
  struct Control {
    alignas(cmsghdr) char bytes[CMSG_SPACE(sizeof(timespec))];
  };

  uint8_t* buffer(int index) const { return buffers_.get() + static_cast<size_t>(index) * kMaxDatagramBytes; }

  std::unique_ptr<uint8_t[]> buffers_;
  std::array<mmsghdr, kMost> headers_{};
  std::array<iovec, kMost> data_{};
  std::array<sockaddr_storage, kMost> addresses_{};
  std::array<Control, kMost> control_{};
};

// Audio packets on their way out, each copied when added.
class OutgoingBatch {
 public:
  static constexpr int kMost = 16;
  static constexpr size_t kMostBytes = kMaxBlocksPerPacket * (kMaxBlockBytes + 1);

  OutgoingBatch();

  bool full() const { return count_ == kMost; }
  // Not when full. `to` must stay where it is until flush(); at most kMostBytes.
  void add(const sockaddr_storage& to, socklen_t length, std::span<const uint8_t> bytes);
  // Sends all of them, at once or not at all. Returns how many the socket refused.
  int flush(const UdpSocket& socket);

 private:
  std::array<mmsghdr, kMost> headers_{};
  std::array<iovec, kMost> data_{};
  std::array<std::array<uint8_t, kMostBytes>, kMost> packets_{};
  int count_ = 0;
};

}  // namespace plugjam
