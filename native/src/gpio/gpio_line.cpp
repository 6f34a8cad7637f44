// One line of a GPIO chip, held by the kernel's GPIO character device, version 2.
#include "gpio/gpio_line.h"

#include <fcntl.h>
#include <linux/gpio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace plugjam {
namespace {

// What other programs read who asks for the line.
constexpr char kConsumer[] = "plugjam";
// Enough for a second of a bad contact while the main loop is busy; when full, the kernel drops the oldest.
constexpr uint32_t kWaitingEdges = 256;

gpio_v2_line_request line_request(uint32_t line, uint64_t flags, bool active_low) {
  gpio_v2_line_request request{};
  request.offsets[0] = line;
  request.num_lines = 1;
  std::memcpy(request.consumer, kConsumer, sizeof(kConsumer));
  request.config.flags = flags | (active_low ? GPIO_V2_LINE_FLAG_ACTIVE_LOW : 0);
  return request;
}

}  // namespace

int GpioLine::open_input(const char* chip_path, uint32_t line, bool active_low, uint32_t debounce_us) {
  gpio_v2_line_request wanted =
      line_request(line,
                   GPIO_V2_LINE_FLAG_INPUT | GPIO_V2_LINE_FLAG_BIAS_PULL_UP | GPIO_V2_LINE_FLAG_EDGE_RISING |
                       GPIO_V2_LINE_FLAG_EDGE_FALLING,
                   active_low);
  wanted.event_buffer_size = kWaitingEdges;
  if (debounce_us > 0) {
    wanted.config.num_attrs = 1;
    wanted.config.attrs[0].mask = 1;
    wanted.config.attrs[0].attr.id = GPIO_V2_LINE_ATTR_ID_DEBOUNCE;
    wanted.config.attrs[0].attr.debounce_period_us = debounce_us;
  }
  return request(chip_path, wanted);
}

int GpioLine::open_output(const char* chip_path, uint32_t line, bool active_low) {
  gpio_v2_line_request wanted = line_request(line, GPIO_V2_LINE_FLAG_OUTPUT, active_low);
  return request(chip_path, wanted);
}

int GpioLine::request(const char* chip_path, gpio_v2_line_request& request) {
  close();
  const int chip = open(chip_path, O_RDONLY | O_CLOEXEC);
  if (chip < 0) return errno;
  const int error = ioctl(chip, GPIO_V2_GET_LINE_IOCTL, &request) < 0 ? errno : 0;
  ::close(chip);
  if (error != 0) return error;
  fd_ = request.fd;
  return fcntl(fd_, F_SETFL, O_NONBLOCK) < 0 ? errno : 0;
}

void GpioLine::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

int GpioLine::get(bool& active) const {
  gpio_v2_line_values values{.bits = 0, .mask = 1};
  if (ioctl(fd_, GPIO_V2_LINE_GET_VALUES_IOCTL, &values) < 0) return errno;
  active = (values.bits & 1) != 0;
  return 0;
}

int GpioLine::set(bool active) const {
  gpio_v2_line_values values{.bits = active ? 1u : 0u, .mask = 1};
  return ioctl(fd_, GPIO_V2_LINE_SET_VALUES_IOCTL, &values) < 0 ? errno : 0;
}

int GpioLine::next_edge(GpioEdge& edge) const {
  gpio_v2_line_event event{};
  const ssize_t got = read(fd_, &event, sizeof(event));
  if (got < 0) return errno;
  if (got != sizeof(event)) return EIO;
  // The edge is that of the logical level: "rising" is towards active.
  edge.active = event.id == GPIO_V2_LINE_EVENT_RISING_EDGE;
  edge.at_ns = static_cast<int64_t>(event.timestamp_ns);
  return 0;
}

}  // namespace plugjam
