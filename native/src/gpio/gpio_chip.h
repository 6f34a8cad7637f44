// What a GPIO chip says of itself, by its character device.
#pragma once

#include <string>

namespace plugjam {

struct GpioChip {
  std::string label;  // such as pinctrl-bcm2711
  unsigned lines = 0;
};

// `path` is a /dev/gpiochip. Returns 0 or an errno.
int read_gpio_chip(const char* path, GpioChip& chip);

}  // namespace plugjam
