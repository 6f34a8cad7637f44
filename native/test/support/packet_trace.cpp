// See packet_trace.h.
#include "support/packet_trace.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace plugjam {
namespace {

constexpr double kMs = 1e6;  // in ns

// SplitMix64: the standard library's distributions differ from one library to the next.
class Dice {
 public:
  explicit Dice(uint64_t seed) : state_(seed) {}
  // 0 < x <= 1
  double uniform() {
    uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return (static_cast<double>((z ^ (z >> 31)) >> 11) + 1.0) * 0x1.0p-53;
  }
  bool happens(double probability) { return uniform() <= probability; }
  double exponential(double mean) { return -mean * std::log(uniform()); }
  double normal() {
    const double radius = std::sqrt(-2.0 * std::log(uniform()));
    return radius * std::cos(2.0 * std::numbers::pi * uniform());
  }

 private:
  uint64_t state_;
};

// Gathers arrivals, packet by packet.
class Road {
 public:
  Road(std::string name, int packets, int64_t interval_ns) {
    trace_.name = std::move(name);
    trace_.interval_ns = interval_ns;
    trace_.arrivals.reserve(static_cast<size_t>(packets));
    trace_.base_ns.reserve(static_cast<size_t>(packets));
  }
  double sent_ns(int number) const { return static_cast<double>(number * trace_.interval_ns); }
  void deliver(int number, double at_ns, double base_ns) {
    trace_.base_ns.push_back(static_cast<int64_t>(base_ns));
    trace_.arrivals.push_back({static_cast<int64_t>(at_ns), number});
  }
  // Nothing overtakes.
  void deliver_in_order(int number, double at_ns, double base_ns) {
    last_ns_ = std::max(last_ns_, at_ns);
    deliver(number, last_ns_, base_ns);
  }
  void lose(double base_ns) { trace_.base_ns.push_back(static_cast<int64_t>(base_ns)); }
  PacketTrace finish() {
    std::stable_sort(trace_.arrivals.begin(), trace_.arrivals.end(),
                     [](const Arrival& one, const Arrival& other) { return one.at_ns < other.at_ns; });
    return std::move(trace_);
  }

 private:
  PacketTrace trace_;
  double last_ns_ = 0;
};

constexpr double kBase = 10 * kMs;
constexpr double kStall = 15 * kMs;

// `stalled_share` of the time, by time: how much of it lies in stalls.
template <typename Share>
PacketTrace stalling_wifi(std::string name, int packets, int64_t interval_ns, uint64_t seed,
                          Share stalled_share) {
  Dice dice(seed);
  Road road(std::move(name), packets, interval_ns);
  double next_check = 0;
  double stall_until = 0;
  constexpr double kStep = 0.1 * kMs;
  for (int n = 0; n < packets; ++n) {
    const double at = road.sent_ns(n) + kBase + dice.exponential(0.2 * kMs);
    for (; next_check < at; next_check += kStep) {
      const double share = stalled_share(next_check);
      const bool free = next_check >= stall_until;
      if (free && dice.happens(share / (1.0 - share) * kStep / kStall)) stall_until = next_check + kStall;
    }
    road.deliver_in_order(n, std::max(at, stall_until), kBase);
  }
  return road.finish();
}

}  // namespace

PacketTrace quiet_lan(int packets, int64_t interval_ns, uint64_t seed) {
  Dice dice(seed);
  Road road("quiet LAN", packets, interval_ns);
  const double base = 0.2 * kMs;
  for (int n = 0; n < packets; ++n) {
    road.deliver_in_order(n, road.sent_ns(n) + base + dice.exponential(0.03 * kMs), base);
  }
  return road.finish();
}

PacketTrace gaussian(int packets, int64_t interval_ns, uint64_t seed) {
  Dice dice(seed);
  Road road("Gaussian", packets, interval_ns);
  for (int n = 0; n < packets; ++n) {
    road.deliver_in_order(n, road.sent_ns(n) + kBase + dice.normal() * kMs, kBase);
  }
  return road.finish();
}

PacketTrace evenly_stalling_wifi(int packets, int64_t interval_ns, uint64_t seed) {
  return stalling_wifi("Wi-Fi, no bursts", packets, interval_ns, seed, [](double) { return 0.02; });
}

PacketTrace crowded_wifi(int packets, int64_t interval_ns, uint64_t seed) {
  Dice dice(seed);
  Road road("crowded Wi-Fi", packets, interval_ns);
  for (int n = 0; n < packets; ++n) {
    const double stall = dice.happens(0.02) ? kStall : 0.0;
    road.deliver_in_order(n, road.sent_ns(n) + kBase + stall + dice.exponential(0.2 * kMs), kBase);
  }
  return road.finish();
}

PacketTrace bursty_wifi(int packets, int64_t interval_ns, uint64_t seed) {
  Dice spells(seed + 1);
  bool in_spell = false;
  double until = 0;
  return stalling_wifi("bursty Wi-Fi", packets, interval_ns, seed, [=](double at_ns) mutable {
    if (at_ns >= until) {
      in_spell = !in_spell;
      until = at_ns + spells.exponential((in_spell ? 5'000 : 20'000) * kMs);
    }
    return in_spell ? 0.1 : 0.0;
  });
}

PacketTrace route_change(int packets, int64_t interval_ns, uint64_t seed) {
  Dice dice(seed);
  Road road("route change", packets, interval_ns);
  for (int n = 0; n < packets; ++n) {
    const int third = 3 * n / packets;
    const double base = kBase + (third == 1 ? 15 * kMs : third == 2 ? 2 * kMs : 0.0);
    road.deliver(n, road.sent_ns(n) + base + 0.5 * kMs * std::abs(dice.normal()), base);
  }
  return road.finish();
}

PacketTrace lte(int packets, int64_t interval_ns, uint64_t seed) {
  Dice dice(seed);
  Road road("LTE-like", packets, interval_ns);
  const double base = 20 * kMs;
  double queue = 0;
  double handover_at = dice.exponential(60'000 * kMs);
  double slot = -1;
  double sent_again = 0;
  for (int n = 0; n < packets; ++n) {
    const double sent = road.sent_ns(n);
    // Ornstein-Uhlenbeck: 1 ms wide, 1 s long; only what is above zero is a queue.
    const double step = static_cast<double>(interval_ns) / (1000 * kMs);
    queue += -queue * step + kMs * std::sqrt(2 * step) * dice.normal();
    double at = std::ceil((sent + base + std::max(0.0, queue)) / kMs) * kMs;
    if (at != slot) {
      slot = at;
      for (sent_again = 0; dice.happens(0.1); sent_again += 8 * kMs) {
      }
    }
    at += sent_again;
    if (sent >= handover_at) {
      at += 40 * kMs;
      handover_at = sent + dice.exponential(60'000 * kMs);
    }
    if (dice.happens(0.0002)) {
      road.lose(base);
    } else {
      road.deliver_in_order(n, at, base);
    }
  }
  return road.finish();
}

std::vector<PacketTrace> all_traces(int packets, int64_t interval_ns, uint64_t seed) {
  std::vector<PacketTrace> traces;
  for (const auto generate :
       {quiet_lan, gaussian, bursty_wifi, evenly_stalling_wifi, crowded_wifi, route_change, lte}) {
    traces.push_back(generate(packets, interval_ns, seed));
  }
  return traces;
}

}  // namespace plugjam
