// Sends datagrams with any source port, 0 included, as no UDP socket does.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <span>
#include <vector>

namespace plugjam::test {

class RawSender {
 public:
  RawSender() : fd_(socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_UDP)) {}
  ~RawSender() {
    if (fd_ >= 0) close(fd_);
  }
  RawSender(const RawSender&) = delete;
  RawSender& operator=(const RawSender&) = delete;

  // False: only root may.
  bool ok() const { return fd_ >= 0; }
  // To 127.0.0.1, and from there.
  bool send(uint16_t from_port, uint16_t to_port, std::span<const uint8_t> bytes) const {
    std::vector<uint8_t> datagram;
    const auto put = [&](size_t word) {
      datagram.push_back(static_cast<uint8_t>(word >> 8));
      datagram.push_back(static_cast<uint8_t>(word));
    };
    put(from_port);
    put(to_port);
    put(8 + bytes.size());
    put(0);  // no checksum
    datagram.insert(datagram.end(), bytes.begin(), bytes.end());
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const ssize_t sent =
        sendto(fd_, datagram.data(), datagram.size(), 0, reinterpret_cast<const sockaddr*>(&to), sizeof(to));
    return sent == static_cast<ssize_t>(datagram.size());
  }

 private:
  int fd_;
};

}  // namespace plugjam::test
