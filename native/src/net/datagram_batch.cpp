// See datagram_batch.h.
#include "net/datagram_batch.h"

#include <cerrno>
#include <cstring>

namespace plugjam {

IncomingBatch::IncomingBatch() : buffers_(new uint8_t[kMost * kMaxDatagramBytes]) {
  for (size_t i = 0; i < kMost; ++i) {
    data_[i] = {buffer(static_cast<int>(i)), kMaxDatagramBytes};
    msghdr& header = headers_[i].msg_hdr;
    header.msg_name = &addresses_[i];
    header.msg_iov = &data_[i];
    header.msg_iovlen = 1;
    header.msg_control = control_[i].bytes;
  }
}

int IncomingBatch::receive(const UdpSocket& socket) {
  for (mmsghdr& header : headers_) {
    header.msg_hdr.msg_namelen = sizeof(sockaddr_storage);
    header.msg_hdr.msg_controllen = sizeof(Control);
  }
  int count = recvmmsg(socket.fd(), headers_.data(), kMost, MSG_DONTWAIT, nullptr);
  // An earlier send that was refused (ICMP) is reported here once; the datagrams behind it are still good.
  if (count < 0 && errno != EAGAIN)
    count = recvmmsg(socket.fd(), headers_.data(), kMost, MSG_DONTWAIT, nullptr);
  return count > 0 ? count : 0;
}

OutgoingBatch::OutgoingBatch() {
  for (size_t i = 0; i < kMost; ++i) {
    data_[i].iov_base = packets_[i].data();
    headers_[i].msg_hdr.msg_iov = &data_[i];
    headers_[i].msg_hdr.msg_iovlen = 1;
  }
}

void OutgoingBatch::add(const sockaddr_storage& to, socklen_t length, std::span<const uint8_t> bytes) {
  const auto at = static_cast<size_t>(count_++);
  std::memcpy(packets_[at].data(), bytes.data(), bytes.size());
  data_[at].iov_len = bytes.size();
  headers_[at].msg_hdr.msg_name = const_cast<sockaddr_storage*>(&to);
  headers_[at].msg_hdr.msg_namelen = length;
}

int OutgoingBatch::flush(const UdpSocket& socket) {
  int refused = 0;
  for (int done = 0; done < count_;) {
    const int sent = sendmmsg(socket.fd(), &headers_[static_cast<size_t>(done)],
                              static_cast<unsigned>(count_ - done), MSG_DONTWAIT);
    // It stops at the first that fails, and tells of it only when that comes first.
    if (sent > 0) {
      done += sent;
    } else {
      ++refused;
      ++done;
    }
  }
  count_ = 0;
  return refused;
}

}  // namespace plugjam
