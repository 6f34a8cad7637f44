// See address_table.h.
#include "mixer/address_table.h"

#include <cstring>

#include "mixer/notice.h"

namespace plugjam {

void AddressTable::add(int slot, const Endpoint& endpoint) {
  endpoints_[static_cast<size_t>(slot)] = endpoint;
  used_[static_cast<size_t>(slot)] = true;
  insert(slot);
}

// Built anew, so that no gap cuts off those behind it. It happens when a musician leaves.
void AddressTable::remove(int slot) {
  used_[static_cast<size_t>(slot)] = false;
  slots_.fill(kFree);
  for (int other = 0; other < kMostSlots; ++other) {
    if (used_[static_cast<size_t>(other)]) insert(other);
  }
}

void AddressTable::insert(int slot) {
  size_t at = place(endpoint(slot));
  while (slots_[at] != kFree) at = (at + 1) % kPlaces;
  slots_[at] = static_cast<int16_t>(slot);
}

int AddressTable::find(const Endpoint& endpoint) const {
  for (size_t at = place(endpoint); slots_[at] != kFree; at = (at + 1) % kPlaces) {
    if (this->endpoint(slots_[at]) == endpoint) return slots_[at];
  }
  return kNobody;
}

// By address and port, not by interface: an address that names none equals one that does.
size_t AddressTable::place(const Endpoint& endpoint) const {
  uint64_t halves[2];
  std::memcpy(halves, &endpoint.socket_address.sin6_addr, sizeof(halves));
  uint64_t hash = key_;
  for (const uint64_t part : {halves[0], halves[1], uint64_t{endpoint.socket_address.sin6_port}}) {
    hash = (hash ^ part) * 0x9e3779b97f4a7c15ULL;
    hash ^= hash >> 29;
  }
  return hash >> 32 & (kPlaces - 1);
}

}  // namespace plugjam
