// How late packets come, and with that how long to hold blocks back: as short as a tolerated share of late
// ones allows.
//
//     packets                 tolerated share of the weight
//      #                              |----->
//      ##                      wanted_ns
//      ###                          v
//      ####_#____#__________#_______|_#___#_
//      early                              late
//
// A histogram of lateness that forgets: each packet weighs a little more than the one before. The weight of a
// burst is there at once, so the mark jumps up with it; it fades over seconds, so the mark steps down slowly.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace plugjam {

class DepthTarget {
 public:
  static constexpr int64_t kBinNs = 100'000;
  static constexpr int kBins = 1024;  // 102 ms from the earliest to the latest
  // To begin with, blocks are held so much longer than the first packet asks for.
  static constexpr int64_t kFirstDepthNs = 4'000'000;
  // Share of the remembered weight that may come too late. Far fewer blocks do: whatever begins to come late
  // raises the mark before it is a habit, and where packets come late by about the same there is nothing
  // between all and none.
  static constexpr double kTolerated = 0.002;
  // A packet weighs 1/e of what it did after so long. Short: after a burst of stalls there is calm again, and
  // what must be held for rare single ones is not worth the delay.
  static constexpr double kMemorySeconds = 1.0;

  // `packet_ns` is the time from one packet to the next. Forgets everything.
  void configure(int64_t packet_ns, double tolerated = kTolerated, double memory_seconds = kMemorySeconds);

  // Arrival after the moment that the sender's clock makes ideal. Whatever is constant in it does not matter.
  void add(int64_t lateness_ns);

  // A block must be held until so long after its ideal moment. Nonsense until any() packet came.
  int64_t wanted_ns() const { return edge_ns(mark_ + 1); }
  bool any() const { return total_ > 0; }

 private:
  // Lateness within a tenth of a second, to notice that the route has become shorter.
  struct Span {
    int64_t least;
    int64_t most;
  };
  static constexpr Span kNoSpan{INT64_MAX, INT64_MIN};

  int64_t edge_ns(int64_t bin) const { return (first_bin_ + bin) * kBinNs; }
  float& weight(int bin) { return weights_[static_cast<size_t>(head_ + bin) % kBins]; }
  void begin(int64_t absolute);
  void raise_range(int64_t bins);
  void watch(int64_t lateness_ns);
  void rescale();
  void settle();

  std::array<float, kBins> weights_{};  // a ring, so that the range moves without its content
  int head_ = 0;                        // where the earliest bin lies in it
  int64_t first_bin_ = 0;               // lateness of the earliest bin, in bins
  int mark_ = 0;                        // the latest bin in which blocks are to be in time
  double beyond_ = 0;                   // weight of the bins after it
  double total_ = 0;
  double next_weight_ = 1;
  double growth_ = 1;
  double tolerated_ = kTolerated;

  std::array<Span, 4> spans_{kNoSpan, kNoSpan, kNoSpan, kNoSpan};  // the newest first
  int watched_ = 0;
  int span_packets_ = 1;
};

}  // namespace plugjam
