// When the packets of a stream arrive over networks of several kinds: generated from a seed, the same each
// time.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace plugjam {

struct Arrival {
  int64_t at_ns;  // on the clock by which packet n was sent at n * interval
  int number;
};

struct PacketTrace {
  std::string name;
  int64_t interval_ns;            // between two packets, as sent
  std::vector<Arrival> arrivals;  // in the order of arrival; what was lost is not there
  std::vector<int64_t> base_ns;   // by number: what the route alone takes, to tell waiting from travelling
};

// A quiet wired network: some hundredths of a millisecond.
PacketTrace quiet_lan(int packets, int64_t interval_ns, uint64_t seed);
// Normally distributed delay, sigma 1 ms; packets stay in order.
PacketTrace gaussian(int packets, int64_t interval_ns, uint64_t seed);
// Wi-Fi: short exponential delays, and stalls of 15 ms after which everything comes at once; 2 % of the time
// is spent in them. They come in spells, as when others use the air: 5 s on average with a tenth of the time
// stalled, then 20 s without.
PacketTrace bursty_wifi(int packets, int64_t interval_ns, uint64_t seed);
// The same stalls and share of time, but evenly by chance: nothing tells when the next one comes.
PacketTrace evenly_stalling_wifi(int packets, int64_t interval_ns, uint64_t seed);
// A stall at 2 % of all packets, so that there is hardly a quiet moment.
PacketTrace crowded_wifi(int packets, int64_t interval_ns, uint64_t seed);
// The route becomes 15 ms longer after a third of the time, and 13 ms shorter again after another third.
PacketTrace route_change(int packets, int64_t interval_ns, uint64_t seed);
// A mobile network: slots of 1 ms, a tenth of them sent again after 8 ms with the rest waiting in order, a
// queue that swells and shrinks within seconds, a handover of 40 ms about once a minute, one packet in 5000
// lost.
PacketTrace lte(int packets, int64_t interval_ns, uint64_t seed);

// All of the above.
std::vector<PacketTrace> all_traces(int packets, int64_t interval_ns, uint64_t seed);

}  // namespace plugjam
