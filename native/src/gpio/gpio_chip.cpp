// What a GPIO chip says of itself, by its character device.
#include "gpio/gpio_chip.h"

#include <fcntl.h>
#include <linux/gpio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace plugjam {

int read_gpio_chip(const char* path, GpioChip& chip) {
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return errno;
  gpiochip_info info{};
  const int error = ioctl(fd, GPIO_GET_CHIPINFO_IOCTL, &info) < 0 ? errno : 0;
  close(fd);
  if (error != 0) return error;
  chip.label.assign(info.label, strnlen(info.label, sizeof(info.label)));
  chip.lines = info.lines;
  return 0;
}

}  // namespace plugjam
