// Counts of values, and what can be told from them.
#include "rt/histogram.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <vector>

using namespace plugjam;

TEST_CASE("percentiles are right to within a sixteenth, and the greatest is exact") {
  std::mt19937 random(1);
  for (const double mean : {3.0, 40.0, 3000.0, 90000.0}) {
    Histogram histogram;
    std::vector<uint32_t> values;
    std::exponential_distribution<> spread(1 / mean);
    for (int i = 0; i < 20000; ++i) {
      values.push_back(static_cast<uint32_t>(std::min<double>(spread(random), Histogram::kMost)));
      histogram.add(values.back());
    }
    std::sort(values.begin(), values.end());
    Histogram::Sum sum;
    histogram.add_to(sum);
    CHECK(sum.count == values.size());
    CHECK(sum.most == values.back());
    for (const double share : {0.0, 0.1, 0.5, 0.9, 0.999, 1.0}) {
      const double told = sum.percentile(share);
      const double right = values[std::min<size_t>(values.size() - 1, static_cast<size_t>(share * 20000))];
      CAPTURE(mean);
      CAPTURE(share);
      CHECK(told >= right);
      CHECK(told <= right * (1 + 1.0 / 16));
    }
  }
}

TEST_CASE("values beyond the greatest count as that, and none are none") {
  Histogram histogram;
  Histogram::Sum none;
  histogram.add_to(none);
  CHECK(none.percentile(0.5) == 0);
  histogram.add(~0u);
  histogram.add(0);
  Histogram::Sum sum;
  histogram.add_to(sum);
  CHECK(sum.percentile(0.0) == 0);
  CHECK(sum.percentile(0.9) == Histogram::kMost);
  histogram.clear();
  Histogram::Sum cleared;
  histogram.add_to(cleared);
  CHECK(cleared.count == 0);
  CHECK(cleared.most == 0);
}
