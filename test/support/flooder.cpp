// Floods a server on loopback from many ports with datagrams of a file, and counts what comes back:
// flooder PORT COUNT SECONDS FILE. The file: each datagram behind its length, two bytes, little-endian.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <span>
#include <thread>
#include <vector>

namespace {

constexpr int kPorts = 1000;
constexpr auto kEvery = std::chrono::milliseconds(1);

std::vector<std::span<const uint8_t>> split(const std::vector<uint8_t>& file) {
  std::vector<std::span<const uint8_t>> datagrams;
  for (size_t at = 0; at + 2 <= file.size();) {
    const size_t size = file[at] | file[at + 1] << 8;
    datagrams.emplace_back(file.data() + at + 2, size);
    at += 2 + size;
  }
  return datagrams;
}

int connected_socket(uint16_t port) {
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
  sockaddr_in server{};
  server.sin_family = AF_INET;
  server.sin_port = htons(port);
  server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (fd < 0 || connect(fd, reinterpret_cast<sockaddr*>(&server), sizeof(server)) != 0) {
    std::perror("socket");
    std::exit(1);
  }
  return fd;
}

/// Bytes that came back to all of them.
size_t drain(const std::vector<int>& sockets) {
  size_t bytes = 0;
  uint8_t buffer[65536];
  for (const int fd : sockets)
    for (ssize_t size; (size = recv(fd, buffer, sizeof(buffer), 0)) >= 0;) bytes += size;
  return bytes;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  const auto count = std::strtoul(argv[2], nullptr, 10);
  const double seconds = std::strtod(argv[3], nullptr);
  std::ifstream input(argv[4], std::ios::binary);
  const std::vector<uint8_t> file(std::istreambuf_iterator<char>(input), {});
  const auto datagrams = split(file);
  if (datagrams.empty()) return 2;
  std::vector<int> sockets;
  for (int i = 0; i < kPorts; i++) sockets.push_back(connected_socket(std::atoi(argv[1])));

  std::mt19937 random(20261125);
  size_t sent = 0, bytes_out = 0, bytes_back = 0;
  const auto start = std::chrono::steady_clock::now();
  for (int turn = 0; sent < count; turn++) {
    const std::chrono::duration<double> since = std::chrono::steady_clock::now() - start;
    const auto due = std::min<double>(count, since.count() / seconds * count);
    for (; sent < due; sent++) {
      const auto datagram = datagrams[random() % datagrams.size()];
      send(sockets[random() % kPorts], datagram.data(), datagram.size(), 0);
      bytes_out += datagram.size();
    }
    if (turn % 100 == 0) bytes_back += drain(sockets);
    std::this_thread::sleep_for(kEvery);
  }
  // What is on its way back still counts.
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  bytes_back += drain(sockets);
  std::printf("{\"sent\":%zu,\"bytesOut\":%zu,\"bytesBack\":%zu}\n", sent, bytes_out, bytes_back);
}
