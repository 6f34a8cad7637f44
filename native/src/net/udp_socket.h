// The one UDP socket of the engine: IPv6 and IPv4 together, never blocking, with kernel receive timestamps.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <span>

namespace plugjam {

// An IPv6 address and port; IPv4 is held as ::ffff:a.b.c.d, so the two compare alike.
struct Endpoint {
  sockaddr_in6 socket_address{};

  bool operator==(const Endpoint& other) const;
  // Numeric text of either family, "fe80::1%eth0" included. False: not an address.
  static bool parse(const char* address, uint16_t port, Endpoint& endpoint);
  // As the kernel gives it, of either family.
  static Endpoint from(const sockaddr_storage& address);
  // Writes plain IPv4 for IPv4. `text` holds at least 64 bytes.
  void print(char* text, size_t size) const;
  uint16_t port() const { return ntohs(socket_address.sin6_port); }
};

// CLOCK_MONOTONIC, when the kernel took in what recvmsg or recvmmsg has put into `message`.
int64_t arrival_ns(msghdr& message);

// The longest datagram of the protocol (spec 1.1); what is longer is cut and told so.
constexpr size_t kMaxDatagramBytes = 20000;

struct Received {
  size_t bytes = 0;
  Endpoint from;
  int64_t at_ns = 0;  // CLOCK_MONOTONIC, when the kernel took it in
  bool cut = false;
};

class UdpSocket {
 public:
  UdpSocket() = default;
  ~UdpSocket();
  UdpSocket(const UdpSocket&) = delete;
  UdpSocket& operator=(const UdpSocket&) = delete;

  // Binds all interfaces at `port`, 0 for any. Returns 0 or an errno. Where the kernel has no IPv6, IPv4
  // alone.
  int open(uint16_t port);
  // Binds one address; the unspecified one of either family is all interfaces.
  int open(const Endpoint& local);
  // Asks for more room in the kernel than one stream needs; as much as the system allows.
  void widen_receive_buffer(int bytes);
  uint16_t port() const { return port_; }
  int fd() const { return fd_; }

  // False: nothing is waiting.
  bool receive(std::span<uint8_t> buffer, Received& received);
  // The endpoint as this socket's family has it; gives its length.
  socklen_t address_of(const Endpoint& to, sockaddr_storage& address) const;
  // One datagram, at once or not at all. May be called from any thread. Returns 0 or an errno.
  int send(const Endpoint& to, std::span<const uint8_t> bytes) const;

 private:
  int fd_ = -1;
  uint16_t port_ = 0;
  bool ipv4_only_ = false;
};

}  // namespace plugjam
