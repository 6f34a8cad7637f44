// Ticks stand where frames do, to the nanosecond, however long the timer runs.
#include "pcm/tick_timer.h"

#include <doctest/doctest.h>

using namespace plugjam;

TEST_CASE("ticks neither drift nor run out of numbers in years") {
  TickTimer timer(64);
  timer.start(7);
  CHECK(timer.next() == 7 + 1'333'333);
  CHECK(timer.next() == 7 + 2'666'666);
  CHECK(timer.next() == 7 + 4'000'000);
  // A third of a day a tick.
  constexpr int64_t kDayNs = 24 * 3600 * int64_t{1'000'000'000};
  TickTimer days(24 * 3600 * 16000);
  days.start(0);
  for (int third = 1; third <= 3000; ++third) CHECK(days.next() == third * kDayNs / 3);
}
