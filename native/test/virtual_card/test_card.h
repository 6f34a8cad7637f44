// A virtual card for one test case: its files, its faults, and PCM handles opened on it without any .so.
#pragma once

#include <alsa/asoundlib.h>
#include <alsa/pcm_external.h>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <ctime>
#include <filesystem>
#include <string>
#include <vector>

#include "../../virtual-card/control.h"
#include "../../virtual-card/mapped_file.h"

extern "C" SND_PCM_PLUGIN_DEFINE_FUNC(plugjam);

namespace plugjam::virtual_card {

inline uint64_t monotonic_ns() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(now.tv_nsec);
}

class TestCard {
 public:
  static constexpr uint64_t kSinkFrames = 48000 * 4;

  explicit TestCard(const std::string& source = "type impulses interval 100 offset 0") {
    REQUIRE(mkdtemp(folder_) != nullptr);
    ControlLayout layout{};
    layout.magic = kControlMagic;
    layout.version = kControlVersion;
    layout.capture.epoch_ns = layout.playback.epoch_ns = monotonic_ns();
    control_fd_ = open((control()).c_str(), O_RDWR | O_CREAT, 0600);
    REQUIRE(pwrite(control_fd_, &layout, sizeof layout, 0) == sizeof layout);
    const int sink_fd = open(sink().c_str(), O_RDWR | O_CREAT, 0600);
    REQUIRE(ftruncate(sink_fd, kSinkFrames * 2 * sizeof(float)) == 0);
    close(sink_fd);
    const std::string text = "type plugjam\n control \"" + control() + "\"\n source { " + source +
                             " }\n sink { file \"" + sink() + "\" }\n";
    snd_input_t* input;
    REQUIRE(snd_config_top(&config_) == 0);
    REQUIRE(snd_input_buffer_open(&input, text.data(), static_cast<ssize_t>(text.size())) == 0);
    REQUIRE(snd_config_load(config_, input) == 0);
    snd_input_close(input);
  }
  ~TestCard() {
    snd_config_delete(config_);
    close(control_fd_);
    std::filesystem::remove_all(folder_);
  }

  // ALSA's result; pcm is set when it is 0.
  int open_pcm(snd_pcm_t** pcm, snd_pcm_stream_t direction, int mode = SND_PCM_NONBLOCK) {
    return _snd_pcm_plugjam_open(pcm, "card", config_, config_, direction, mode);
  }

  // Change one field of the control file the way a controller does.
  template <typename T>
  void write_control(size_t offset, T value) {
    REQUIRE(pwrite(control_fd_, &value, sizeof value, static_cast<off_t>(offset)) == sizeof value);
  }
  ControlLayout read_control() const {
    ControlLayout layout;
    REQUIRE(pread(control_fd_, &layout, sizeof layout, 0) == sizeof layout);
    return layout;
  }
  std::vector<float> played() const {
    std::vector<float> samples(kSinkFrames * 2);
    const int fd = open(sink().c_str(), O_RDONLY);
    REQUIRE(read(fd, samples.data(), samples.size() * sizeof(float)) > 0);
    close(fd);
    return samples;
  }

 private:
  std::string control() const { return std::string(folder_) + "/control"; }
  std::string sink() const { return std::string(folder_) + "/played.f32"; }

  char folder_[32] = "/tmp/plugjam-card-XXXXXX";
  int control_fd_ = -1;
  snd_config_t* config_ = nullptr;
};

// An open, configured stream: two channels of float at 48 kHz.
class TestPcm {
 public:
  TestPcm(TestCard& card, snd_pcm_stream_t direction, snd_pcm_access_t access, unsigned period,
          unsigned periods) {
    REQUIRE(card.open_pcm(&pcm_, direction) == 0);
    snd_pcm_hw_params_t* hardware;
    snd_pcm_hw_params_alloca(&hardware);
    REQUIRE(snd_pcm_hw_params_any(pcm_, hardware) >= 0);
    REQUIRE(snd_pcm_hw_params_set_access(pcm_, hardware, access) == 0);
    REQUIRE(snd_pcm_hw_params_set_format(pcm_, hardware, SND_PCM_FORMAT_FLOAT_LE) == 0);
    REQUIRE(snd_pcm_hw_params_set_channels(pcm_, hardware, 2) == 0);
    REQUIRE(snd_pcm_hw_params_set_rate(pcm_, hardware, 48000, 0) == 0);
    REQUIRE(snd_pcm_hw_params_set_period_size(pcm_, hardware, period, 0) == 0);
    REQUIRE(snd_pcm_hw_params_set_periods(pcm_, hardware, periods, 0) == 0);
    REQUIRE(snd_pcm_hw_params(pcm_, hardware) == 0);
    snd_pcm_sw_params_t* software;
    snd_pcm_sw_params_alloca(&software);
    REQUIRE(snd_pcm_sw_params_current(pcm_, software) == 0);
    REQUIRE(snd_pcm_sw_params_set_start_threshold(pcm_, software, 1 << 30) == 0);
    REQUIRE(snd_pcm_sw_params(pcm_, software) == 0);
    REQUIRE(snd_pcm_prepare(pcm_) == 0);
  }
  ~TestPcm() { snd_pcm_close(pcm_); }

  operator snd_pcm_t*() { return pcm_; }

  // Poll as an application does; 0 when the time ran out, else the events ALSA makes of it.
  unsigned short poll_events(int timeout_ms) {
    const uint64_t deadline = monotonic_ns() + static_cast<uint64_t>(timeout_ms) * 1'000'000;
    for (;;) {
      pollfd descriptor;
      REQUIRE(snd_pcm_poll_descriptors(pcm_, &descriptor, 1) == 1);
      const uint64_t now = monotonic_ns();
      const int left_ms = now < deadline ? static_cast<int>((deadline - now) / 1'000'000) + 1 : 0;
      if (poll(&descriptor, 1, left_ms) == 0) return 0;
      unsigned short events;
      REQUIRE(snd_pcm_poll_descriptors_revents(pcm_, &descriptor, 1, &events) == 0);
      if (events != 0) return events;
    }
  }

 private:
  snd_pcm_t* pcm_ = nullptr;
};

}  // namespace plugjam::virtual_card
