// The one UDP socket of the engine: IPv6 and IPv4 together, never blocking, with kernel receive timestamps.
#include "net/udp_socket.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "rt/time.h"

namespace plugjam {
namespace {

// DSCP CS4, as the protocol's other programs mark their packets (spec 4.1).
constexpr int kTrafficClass = 0x80;
// A second of audio at the highest rate fits, so a stall loses nothing in the kernel.
constexpr int kReceiveBufferBytes = 512 * 1024;

Endpoint from_ipv4(const sockaddr_in& address) {
  Endpoint endpoint;
  endpoint.socket_address.sin6_family = AF_INET6;
  endpoint.socket_address.sin6_port = address.sin_port;
  uint8_t* bytes = endpoint.socket_address.sin6_addr.s6_addr;
  bytes[10] = bytes[11] = 0xFF;
  std::memcpy(bytes + 12, &address.sin_addr, 4);
  return endpoint;
}

sockaddr_in to_ipv4(const Endpoint& endpoint) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = endpoint.socket_address.sin6_port;
  std::memcpy(&address.sin_addr, endpoint.socket_address.sin6_addr.s6_addr + 12, 4);
  return address;
}

// Kernel timestamps are in CLOCK_REALTIME, which may jump; only their short distance to now is used.
int64_t to_monotonic_ns(int64_t realtime_ns) {
  const int64_t age_ns = read_clock_ns(CLOCK_REALTIME) - realtime_ns;
  const int64_t now_ns = monotonic_ns();
  return age_ns >= 0 && age_ns < 1'000'000'000 ? now_ns - age_ns : now_ns;
}

}  // namespace

bool Endpoint::operator==(const Endpoint& other) const {
  const sockaddr_in6& a = socket_address;
  const sockaddr_in6& b = other.socket_address;
  return a.sin6_port == b.sin6_port && std::memcmp(&a.sin6_addr, &b.sin6_addr, sizeof(a.sin6_addr)) == 0 &&
         (a.sin6_scope_id == b.sin6_scope_id || a.sin6_scope_id == 0 || b.sin6_scope_id == 0);
}

Endpoint Endpoint::from(const sockaddr_storage& address) {
  if (address.ss_family == AF_INET) return from_ipv4(reinterpret_cast<const sockaddr_in&>(address));
  Endpoint endpoint;
  std::memcpy(&endpoint.socket_address, &address, sizeof(endpoint.socket_address));
  return endpoint;
}

int64_t arrival_ns(msghdr& message) {
  for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr; part = CMSG_NXTHDR(&message, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_TIMESTAMPNS) continue;
    timespec stamp;
    std::memcpy(&stamp, CMSG_DATA(part), sizeof(stamp));
    return to_monotonic_ns(int64_t{stamp.tv_sec} * 1'000'000'000 + stamp.tv_nsec);
  }
  return monotonic_ns();
}

bool Endpoint::parse(const char* address, uint16_t port, Endpoint& endpoint) {
  sockaddr_in ipv4{};
  if (inet_pton(AF_INET, address, &ipv4.sin_addr) == 1) {
    ipv4.sin_port = htons(port);
    endpoint = from_ipv4(ipv4);
    return true;
  }
  char bare[64];
  std::snprintf(bare, sizeof(bare), "%s", address);
  char* scope = std::strchr(bare, '%');
  if (scope != nullptr) *scope++ = '\0';
  endpoint = Endpoint{};
  endpoint.socket_address.sin6_family = AF_INET6;
  endpoint.socket_address.sin6_port = htons(port);
  if (inet_pton(AF_INET6, bare, &endpoint.socket_address.sin6_addr) != 1) return false;
  if (scope != nullptr) endpoint.socket_address.sin6_scope_id = if_nametoindex(scope);
  return true;
}

void Endpoint::print(char* text, size_t size) const {
  const uint8_t* bytes = socket_address.sin6_addr.s6_addr;
  if (IN6_IS_ADDR_V4MAPPED(&socket_address.sin6_addr)) {
    std::snprintf(text, size, "%u.%u.%u.%u", bytes[12], bytes[13], bytes[14], bytes[15]);
    return;
  }
  char bare[INET6_ADDRSTRLEN] = "";
  inet_ntop(AF_INET6, bytes, bare, sizeof(bare));
  char name[IF_NAMESIZE] = "";
  const bool scoped = socket_address.sin6_scope_id != 0 && if_indextoname(socket_address.sin6_scope_id, name);
  std::snprintf(text, size, scoped ? "%s%%%s" : "%s", bare, name);
}

UdpSocket::~UdpSocket() {
  if (fd_ >= 0) close(fd_);
}

int UdpSocket::open(uint16_t port) {
  Endpoint all;
  all.socket_address.sin6_family = AF_INET6;
  all.socket_address.sin6_port = htons(port);
  return open(all);
}

int UdpSocket::open(const Endpoint& local) {
  fd_ = socket(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  ipv4_only_ = fd_ < 0;
  if (ipv4_only_) fd_ = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd_ < 0) return errno;

  const int off = 0;
  const int on = 1;
  if (!ipv4_only_) {
    setsockopt(fd_, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
    setsockopt(fd_, IPPROTO_IPV6, IPV6_TCLASS, &kTrafficClass, sizeof(kTrafficClass));
  }
  setsockopt(fd_, IPPROTO_IP, IP_TOS, &kTrafficClass, sizeof(kTrafficClass));
  setsockopt(fd_, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on));
  setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &kReceiveBufferBytes, sizeof(kReceiveBufferBytes));

  Endpoint bound = local;
  // ::ffff:0.0.0.0 would be all of IPv4 only.
  in6_addr& ip = bound.socket_address.sin6_addr;
  if (IN6_IS_ADDR_V4MAPPED(&ip) && ip.s6_addr32[3] == 0) ip = in6addr_any;
  sockaddr_storage address{};
  socklen_t length = address_of(bound, address);
  if (bind(fd_, reinterpret_cast<sockaddr*>(&address), length) != 0) return errno;
  length = sizeof(address);
  getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &length);
  port_ = ntohs(ipv4_only_ ? reinterpret_cast<sockaddr_in&>(address).sin_port
                           : reinterpret_cast<sockaddr_in6&>(address).sin6_port);
  return 0;
}

void UdpSocket::widen_receive_buffer(int bytes) {
  // The first needs a privilege and knows no limit.
  if (setsockopt(fd_, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)) == 0) return;
  setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
}

bool UdpSocket::receive(std::span<uint8_t> buffer, Received& received) {
  sockaddr_storage from{};
  iovec data{buffer.data(), buffer.size()};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(timespec))];
  msghdr message{};
  message.msg_name = &from;
  message.msg_namelen = sizeof(from);
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof(control);
  ssize_t bytes = recvmsg(fd_, &message, 0);
  // An earlier send that was refused (ICMP) is reported here once; the datagrams behind it are still good.
  if (bytes < 0 && errno != EAGAIN) bytes = recvmsg(fd_, &message, 0);
  if (bytes < 0) return false;

  received.bytes = static_cast<size_t>(bytes);
  received.cut = (message.msg_flags & MSG_TRUNC) != 0;
  received.from = Endpoint::from(from);
  received.at_ns = arrival_ns(message);
  return true;
}

socklen_t UdpSocket::address_of(const Endpoint& to, sockaddr_storage& address) const {
  if (ipv4_only_) {
    const sockaddr_in ipv4 = to_ipv4(to);
    std::memcpy(&address, &ipv4, sizeof(ipv4));
    return sizeof(ipv4);
  }
  std::memcpy(&address, &to.socket_address, sizeof(to.socket_address));
  return sizeof(to.socket_address);
}

int UdpSocket::send(const Endpoint& to, std::span<const uint8_t> bytes) const {
  sockaddr_storage address;
  const socklen_t length = address_of(to, address);
  const ssize_t sent =
      sendto(fd_, bytes.data(), bytes.size(), 0, reinterpret_cast<const sockaddr*>(&address), length);
  return sent == static_cast<ssize_t>(bytes.size()) ? 0 : errno;
}

}  // namespace plugjam
