// The last datagram: what a dying process sends, so that no ghost of it stays on the server.
#include "engine/farewell.h"

#include <signal.h>
#include <sys/socket.h>
#include <time.h>

#include <array>
#include <cstring>

namespace plugjam {
namespace {

constexpr std::array<int, 5> kCrashSignals = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
// Longer than a packet takes to leave and a server tick takes to pass.
constexpr timespec kQuiet = {0, 20'000'000};

// Everything the handler touches lies here, since a handler may not look anything up.
int g_socket = -1;
sockaddr_storage g_server;
socklen_t g_server_length = 0;
std::array<uint8_t, Farewell::kMaxBytes> g_bytes;
size_t g_length = 0;
std::array<struct sigaction, kCrashSignals.size()> g_before;

}  // namespace

std::atomic<bool> Farewell::armed_{false};
std::atomic<bool> Farewell::sent_{false};

bool Farewell::arm(const UdpSocket& socket, const Endpoint& server, std::span<const uint8_t> bytes) {
  static_assert(std::atomic<bool>::is_always_lock_free);
  if (bytes.size() > kMaxBytes) return false;
  disarm();
  g_socket = socket.fd();
  g_server_length = socket.address_of(server, g_server);
  std::memcpy(g_bytes.data(), bytes.data(), bytes.size());
  g_length = bytes.size();
  struct sigaction action {};
  action.sa_handler = on_crash;
  for (size_t i = 0; i < kCrashSignals.size(); ++i) sigaction(kCrashSignals[i], &action, &g_before[i]);
  armed_ = true;
  return true;
}

void Farewell::disarm() {
  if (!armed_.exchange(false)) return;
  for (size_t i = 0; i < kCrashSignals.size(); ++i) sigaction(kCrashSignals[i], &g_before[i], nullptr);
}

// Async-signal-safe calls only.
void Farewell::on_crash(int signal) {
  for (size_t i = 0; i < kCrashSignals.size(); ++i) sigaction(kCrashSignals[i], &g_before[i], nullptr);
  sent_ = true;
  nanosleep(&kQuiet, nullptr);
  sendto(g_socket, g_bytes.data(), g_length, MSG_DONTWAIT, reinterpret_cast<const sockaddr*>(&g_server),
         g_server_length);
  raise(signal);
}

}  // namespace plugjam
