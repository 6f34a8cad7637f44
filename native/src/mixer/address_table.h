// Which client an address is: found in the same short time, however many strangers knock.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "net/udp_socket.h"

namespace plugjam {

class AddressTable {
 public:
  static constexpr int kMostSlots = 150;

  // A key of its own, so that nobody outside can choose addresses that collide.
  explicit AddressTable(uint64_t key) : key_(key) { slots_.fill(kFree); }

  void add(int slot, const Endpoint& endpoint);
  void remove(int slot);
  // kNobody if it is no client's.
  int find(const Endpoint& endpoint) const;
  const Endpoint& endpoint(int slot) const { return endpoints_[static_cast<size_t>(slot)]; }

 private:
  // At most a third full.
  static constexpr size_t kPlaces = 512;
  static constexpr int16_t kFree = -1;

  size_t place(const Endpoint& endpoint) const;
  void insert(int slot);

  uint64_t key_;
  std::array<Endpoint, kMostSlots> endpoints_;
  std::array<bool, kMostSlots> used_{};
  std::array<int16_t, kPlaces> slots_;
};

}  // namespace plugjam
