// One line of a GPIO chip, held by the kernel's GPIO character device, version 2.
#pragma once

#include <cstdint>

struct gpio_v2_line_request;

namespace plugjam {

struct GpioEdge {
  bool active = false;
  int64_t at_ns = 0;  // CLOCK_MONOTONIC, as the kernel saw it
};

// "Active" is low where the line was opened so. Calls give 0 or an errno. Nobody else can open a line while
// it is held.
class GpioLine {
 public:
  GpioLine() = default;
  ~GpioLine() { close(); }
  GpioLine(const GpioLine&) = delete;
  GpioLine& operator=(const GpioLine&) = delete;

  // Pulled up; tells both edges, each once the line was steady for `debounce_us`, 0 for at once.
  int open_input(const char* chip_path, uint32_t line, bool active_low, uint32_t debounce_us);
  // Starts inactive.
  int open_output(const char* chip_path, uint32_t line, bool active_low);
  void close();

  // Readable when an edge waits. -1 while closed.
  int fd() const { return fd_; }
  int get(bool& active) const;
  int set(bool active) const;
  // Never blocks: EAGAIN when no edge waits.
  int next_edge(GpioEdge& edge) const;

 private:
  int request(const char* chip_path, gpio_v2_line_request& request);

  int fd_ = -1;
};

}  // namespace plugjam
