// One open direction of a virtual card: where its pointer is, when to wake its application, what passes
// through it.
#pragma once

#include <alsa/asoundlib.h>
#include <alsa/pcm_external.h>

#include <array>
#include <memory>
#include <vector>

#include "alarm.h"
#include "card_config.h"
#include "control_file.h"
#include "sample_format.h"
#include "sink.h"
#include "source.h"

namespace plugjam::virtual_card {

// Positions count frames since the stream was started; adding start_frame_ gives the card's own frame
// numbers. Everything from prepare() on is realtime safe but for the alarm's system calls.
class Stream {
 public:
  Stream(snd_pcm_stream_t direction, const CardConfig& config);

  // Open the control file, the source or sink, and the alarm. 0, or a negative errno.
  int open();
  snd_pcm_ioplug_t& io() { return io_; }
  bool is_playback() const { return playback_; }

  // ALSA's callbacks, as pcm_ioplug.h describes them. Negative results are errnos.
  int configure();
  int set_wakeup(snd_pcm_sw_params_t* params);
  int prepare();
  int start();
  void stop();
  int resume();
  snd_pcm_sframes_t pointer();
  snd_pcm_sframes_t transfer(const snd_pcm_channel_area_t* areas, snd_pcm_uframes_t offset,
                             snd_pcm_uframes_t frames);
  int poll_descriptor(pollfd& descriptor);
  unsigned short poll_result(unsigned short polled);

 private:
  bool is_running() const;
  bool is_failed() const;
  uint64_t application_position() const { return io_.appl_ptr; }
  uint64_t available(uint64_t position) const;
  uint64_t wake_frames() const;
  uint64_t wake_time(uint64_t application) const;
  uint64_t wake_time_running(uint64_t application) const;
  void notice_faults();
  void capture(const snd_pcm_channel_area_t* areas, snd_pcm_uframes_t offset, snd_pcm_uframes_t frames);
  void play(const snd_pcm_channel_area_t* areas, snd_pcm_uframes_t offset, snd_pcm_uframes_t frames);
  void store(uint64_t position, size_t frames);
  void play_queued();
  void erase_unplayed();

  // Samples pass through the scratch buffer in pieces of this many frames.
  static constexpr size_t kScratchFrames = 256;

  const CardConfig& config_;
  const bool playback_;
  snd_pcm_ioplug_t io_{};
  ControlFile control_;
  Alarm alarm_;
  std::unique_ptr<Source> source_;
  Sink sink_;
  SampleFormat format_ = SampleFormat::kS16;
  uint64_t avail_min_ = 1;
  uint64_t stop_threshold_ = 0;
  uint64_t start_frame_ = 0;
  uint64_t position_ = 0;  // of the hardware, as last told; never goes back
  bool started_ = false;
  bool xrun_ = false;
  std::array<float, kScratchFrames * kMaxChannels> scratch_;
  std::vector<float> queued_;  // a buffer of frames written before the start, whose time is not known yet
};

}  // namespace plugjam::virtual_card
