// The socket speaks both families at once and tells when a datagram came in.
#include "net/udp_socket.h"

#include <doctest/doctest.h>
#include <poll.h>

#include <array>
#include <cstring>
#include <string>

#include "rt/time.h"

using namespace plugjam;

namespace {

Endpoint endpoint(const char* address, uint16_t port) {
  Endpoint result;
  REQUIRE(Endpoint::parse(address, port, result));
  return result;
}

std::string printed(const Endpoint& value) {
  char text[64];
  value.print(text, sizeof(text));
  return text;
}

bool await(const UdpSocket& socket) {
  pollfd descriptor{socket.fd(), POLLIN, 0};
  return poll(&descriptor, 1, 5000) == 1;
}

}  // namespace

TEST_CASE("addresses are read and printed in their own family") {
  CHECK(printed(endpoint("127.0.0.1", 1)) == "127.0.0.1");
  CHECK(printed(endpoint("::1", 1)) == "::1");
  CHECK(printed(endpoint("::ffff:10.0.0.1", 1)) == "10.0.0.1");
  CHECK(endpoint("10.0.0.1", 5) == endpoint("::ffff:10.0.0.1", 5));
  CHECK(!(endpoint("10.0.0.1", 5) == endpoint("10.0.0.1", 6)));
  Endpoint result;
  for (const char* bad : {"", "localhost", "1.2.3", "1.2.3.4:5", "[::1]", "::g"}) {
    CHECK(!Endpoint::parse(bad, 1, result));
  }
}

TEST_CASE("a datagram arrives over IPv4 and IPv6, with its sender and the time the kernel took it in") {
  UdpSocket receiver;
  UdpSocket sender;
  REQUIRE(receiver.open(0) == 0);
  REQUIRE(sender.open(0) == 0);
  const uint8_t bytes[] = {1, 2, 3};
  for (const char* address : {"127.0.0.1", "::1"}) {
    // The kernel begins to stamp a moment after the first socket asks for it; until then it stamps when read.
    bool stamped_when_taken_in = false;
    for (int attempt = 0; attempt < 200 && !stamped_when_taken_in; ++attempt) {
      const int64_t before_ns = monotonic_ns();
      REQUIRE(sender.send(endpoint(address, receiver.port()), bytes) == 0);
      REQUIRE(await(receiver));
      const timespec pause{0, 20'000'000};
      nanosleep(&pause, nullptr);
      std::array<uint8_t, 100> buffer{};
      Received received;
      REQUIRE(receiver.receive(buffer, received));
      CHECK(received.bytes == 3);
      CHECK(std::memcmp(buffer.data(), bytes, 3) == 0);
      CHECK(received.from == endpoint(address, sender.port()));
      CHECK(received.at_ns >= before_ns - 1'000'000);
      CHECK(received.at_ns <= monotonic_ns());
      CHECK(!received.cut);
      CHECK(!receiver.receive(buffer, received));
      stamped_when_taken_in = received.at_ns <= monotonic_ns() - 10'000'000;
    }
    CHECK(stamped_when_taken_in);
  }
}

TEST_CASE("a datagram longer than the buffer is known to be cut") {
  UdpSocket socket;
  REQUIRE(socket.open(0) == 0);
  const std::array<uint8_t, 50> bytes{};
  REQUIRE(socket.send(endpoint("127.0.0.1", socket.port()), bytes) == 0);
  REQUIRE(await(socket));
  std::array<uint8_t, 20> buffer{};
  Received received;
  REQUIRE(socket.receive(buffer, received));
  CHECK(received.cut);
}

TEST_CASE("a port that nobody listens on does not stop what comes after") {
  UdpSocket socket;
  REQUIRE(socket.open(0) == 0);
  Endpoint dead;
  {
    UdpSocket closing;
    REQUIRE(closing.open(0) == 0);
    dead = endpoint("127.0.0.1", closing.port());
  }
  const uint8_t bytes[] = {1};
  socket.send(dead, bytes);
  REQUIRE(socket.send(endpoint("127.0.0.1", socket.port()), bytes) == 0);
  REQUIRE(await(socket));
  std::array<uint8_t, 20> buffer{};
  Received received;
  CHECK(socket.receive(buffer, received));
}
