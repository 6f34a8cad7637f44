// What asking for lines says where there are none; lines that are there are tested on a kernel that simulates
// them.
#include "gpio/gpio_line.h"

#include <doctest/doctest.h>

#include <cerrno>

#include "gpio/gpio_chip.h"

using namespace plugjam;

TEST_CASE("a GPIO chip that is not there is an errno") {
  GpioChip chip;
  CHECK(read_gpio_chip("/dev/gpiochip-none", chip) == ENOENT);
  GpioLine line;
  CHECK(line.open_input("/dev/gpiochip-none", 6, true, 1000) == ENOENT);
  CHECK(line.open_output("/dev/gpiochip-none", 23, false) == ENOENT);
  CHECK(line.fd() == -1);
}

TEST_CASE("a file that is no GPIO chip is an errno") {
  GpioChip chip;
  CHECK(read_gpio_chip("/dev/null", chip) == ENOTTY);
  GpioLine line;
  CHECK(line.open_input("/dev/null", 6, true, 0) == ENOTTY);
  CHECK(line.fd() == -1);
}

TEST_CASE("a line that is not open takes and gives nothing") {
  GpioLine line;
  bool active = false;
  GpioEdge edge;
  CHECK(line.get(active) == EBADF);
  CHECK(line.set(true) == EBADF);
  CHECK(line.next_edge(edge) == EBADF);
}
