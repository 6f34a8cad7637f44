// The behaviour of a sound card's DMA, worked out from the clock whenever somebody asks.
#include "stream.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace plugjam::virtual_card {
namespace {

SampleFormat sample_format(snd_pcm_format_t format) {
  switch (format) {
    case SND_PCM_FORMAT_S24_3LE:
      return SampleFormat::kS24Packed;
    case SND_PCM_FORMAT_S24_LE:
      return SampleFormat::kS24;
    case SND_PCM_FORMAT_S32_LE:
      return SampleFormat::kS32;
    case SND_PCM_FORMAT_FLOAT_LE:
      return SampleFormat::kFloat;
    default:
      return SampleFormat::kS16;
  }
}

uint8_t* sample_address(const snd_pcm_channel_area_t& area, snd_pcm_uframes_t offset) {
  return static_cast<uint8_t*>(area.addr) + (area.first + area.step * offset) / 8;
}

}  // namespace

Stream::Stream(snd_pcm_stream_t direction, const CardConfig& config)
    : config_(config),
      playback_(direction == SND_PCM_STREAM_PLAYBACK),
      control_(playback_ ? ControlFile::Side::kPlayback : ControlFile::Side::kCapture,
               CardClock(config.rate_hz, config.ppm)) {}

int Stream::open() {
  int error = control_.open(config_.control_path.c_str());
  if (error == 0) error = alarm_.open(config_.control_path.c_str());
  if (error < 0) return error;
  if (!playback_) {
    source_ = make_source(config_);
    return source_ == nullptr ? -EINVAL : 0;
  }
  return config_.sink_path.empty() ? 0 : sink_.open(config_.sink_path.c_str(), config_.channels_max);
}

int Stream::configure() {
  if (control_.condition() == Condition::kGone) return -ENODEV;
  format_ = sample_format(io_.format);
  if (sink_.is_open()) queued_.assign(io_.buffer_size * io_.channels, 0);
  return 0;
}

int Stream::set_wakeup(snd_pcm_sw_params_t* params) {
  snd_pcm_uframes_t frames = 0;
  snd_pcm_sw_params_get_avail_min(params, &frames);
  avail_min_ = frames;
  snd_pcm_sw_params_get_stop_threshold(params, &frames);
  stop_threshold_ = frames;
  return 0;
}

int Stream::prepare() {
  switch (control_.condition()) {
    case Condition::kGone:
      return -ENODEV;
    case Condition::kSuspended:
      return -ESTRPIPE;
    case Condition::kFine:
      break;
  }
  started_ = false;
  xrun_ = false;
  position_ = 0;
  return 0;
}

int Stream::start() {
  if (control_.condition() == Condition::kGone) return -ENODEV;
  start_frame_ = control_.frame_now();
  started_ = true;
  control_.publish_start(start_frame_);
  play_queued();
  alarm_.set(wake_time_running(application_position()));
  return 0;
}

void Stream::stop() {
  if (started_) pointer();
  erase_unplayed();
  started_ = false;
  alarm_.set(Alarm::kNever);
}

int Stream::resume() {
  if (io_.state != SND_PCM_STATE_SUSPENDED) return 0;
  switch (control_.condition()) {
    case Condition::kGone:
      return -ENODEV;
    case Condition::kSuspended:
      return -EAGAIN;
    case Condition::kFine:
      break;
  }
  start_frame_ = control_.frame_now() - position_;
  snd_pcm_ioplug_set_state(&io_, started_ ? SND_PCM_STATE_RUNNING : SND_PCM_STATE_PREPARED);
  return 0;
}

bool Stream::is_running() const {
  return started_ && (io_.state == SND_PCM_STATE_RUNNING || io_.state == SND_PCM_STATE_DRAINING);
}

bool Stream::is_failed() const {
  return xrun_ || io_.state == SND_PCM_STATE_XRUN || io_.state == SND_PCM_STATE_SUSPENDED ||
         io_.state == SND_PCM_STATE_DISCONNECTED;
}

void Stream::notice_faults() {
  const Condition condition = control_.condition();
  if (condition == Condition::kGone) snd_pcm_ioplug_set_state(&io_, SND_PCM_STATE_DISCONNECTED);
  if (condition == Condition::kSuspended && is_running()) {
    erase_unplayed();
    snd_pcm_ioplug_set_state(&io_, SND_PCM_STATE_SUSPENDED);
  }
}

// ALSA turns a negative pointer into an xrun and reports other failures by the state of the handle, so
// trouble that is not an xrun shows as a pointer that stands still.
snd_pcm_sframes_t Stream::pointer() {
  notice_faults();
  if (xrun_) return -EPIPE;
  if (is_running()) {
    const uint64_t frame = control_.frame_now();
    uint64_t position = std::max(position_, frame > start_frame_ ? frame - start_frame_ : 0);
    if (io_.state == SND_PCM_STATE_DRAINING) {
      position = std::max(position_, std::min(position, application_position()));
    } else if (available(position) >= stop_threshold_) {
      xrun_ = true;
      control_.publish_xrun();
      return -EPIPE;
    }
    position_ = position;
  }
  return static_cast<snd_pcm_sframes_t>(position_);
}

uint64_t Stream::available(uint64_t position) const {
  return playback_ ? position + io_.buffer_size - application_position() : position - application_position();
}

uint64_t Stream::wake_frames() const { return std::clamp<uint64_t>(avail_min_, 1, io_.buffer_size); }

// When to wake an application that has moved its frames up to this position.
uint64_t Stream::wake_time(uint64_t application) const {
  if (is_failed() || control_.condition() != Condition::kFine) return Alarm::kAtOnce;
  if (is_running()) return wake_time_running(application);
  const bool has_room = playback_ && io_.buffer_size - application >= wake_frames();
  return has_room ? Alarm::kAtOnce : Alarm::kNever;
}

uint64_t Stream::wake_time_running(uint64_t application) const {
  uint64_t wake_at = application + wake_frames();
  if (playback_) wake_at = wake_at > io_.buffer_size ? wake_at - io_.buffer_size : 0;
  if (io_.state == SND_PCM_STATE_DRAINING) wake_at = playback_ ? application : 0;
  if (control_.is_stopped()) {
    return control_.frame_now() >= start_frame_ + wake_at ? Alarm::kAtOnce : Alarm::kNever;
  }
  return control_.time_of(start_frame_ + wake_at);
}

int Stream::poll_descriptor(pollfd& descriptor) {
  alarm_.set(wake_time(application_position()));
  descriptor.fd = alarm_.descriptor();
  descriptor.events = POLLIN | POLLERR;
  return 1;
}

unsigned short Stream::poll_result(unsigned short polled) {
  if ((polled & POLLIN) == 0) return 0;
  const auto ready = static_cast<unsigned short>(playback_ ? POLLOUT : POLLIN);
  const bool moves = pointer() >= 0;
  if (!moves || is_failed()) return ready | POLLERR;
  const uint64_t application = application_position();
  if (io_.state == SND_PCM_STATE_DRAINING) {
    if (!playback_ || position_ >= application) return ready;
  } else if ((is_running() || playback_) && available(position_) >= wake_frames()) {
    return ready;
  }
  alarm_.drain();
  alarm_.set(wake_time(application));
  return 0;
}

snd_pcm_sframes_t Stream::transfer(const snd_pcm_channel_area_t* areas, snd_pcm_uframes_t offset,
                                   snd_pcm_uframes_t frames) {
  while (control_.is_hung()) usleep(1000);
  switch (control_.condition()) {
    case Condition::kGone:
      return -ENODEV;
    case Condition::kSuspended:
      return -ESTRPIPE;
    case Condition::kFine:
      break;
  }
  if (playback_) {
    play(areas, offset, frames);
  } else {
    capture(areas, offset, frames);
  }
  // An alarm that rings too early is mended by the next poll, so it is only moved where the application is
  // sure to sleep next: not for the crumbs of a blocking read, and not when capture by mmap looks at frames
  // before it says how many it takes.
  const bool is_final = playback_ || io_.access == SND_PCM_ACCESS_RW_INTERLEAVED;
  if (is_final && is_running() && frames >= wake_frames()) {
    alarm_.set(wake_time_running(application_position() + frames));
  }
  return static_cast<snd_pcm_sframes_t>(frames);
}

void Stream::capture(const snd_pcm_channel_area_t* areas, snd_pcm_uframes_t offset,
                     snd_pcm_uframes_t frames) {
  const uint64_t first = start_frame_ + application_position();
  for (size_t done = 0; done < frames;) {
    const size_t piece = std::min<size_t>(frames - done, kScratchFrames);
    source_->render(first + done, piece, io_.channels, scratch_.data());
    for (unsigned c = 0; c < io_.channels; ++c) {
      encode(format_, scratch_.data() + c, io_.channels, sample_address(areas[c], offset + done),
             areas[c].step / 8, piece);
    }
    done += piece;
  }
}

void Stream::play(const snd_pcm_channel_area_t* areas, snd_pcm_uframes_t offset, snd_pcm_uframes_t frames) {
  if (!sink_.is_open()) return;
  for (size_t done = 0; done < frames;) {
    const size_t piece = std::min<size_t>(frames - done, kScratchFrames);
    for (unsigned c = 0; c < io_.channels; ++c) {
      decode(format_, sample_address(areas[c], offset + done), areas[c].step / 8, scratch_.data() + c,
             io_.channels, piece);
    }
    store(application_position() + done, piece);
    done += piece;
  }
}

// Puts the frames in the scratch buffer where they belong: before the start into the queue, then into the
// sink, without those that come too late to be heard.
void Stream::store(uint64_t position, size_t frames) {
  if (!started_) {
    for (size_t i = 0; i < frames; ++i) {
      const uint64_t at = (position + i) % io_.buffer_size * io_.channels;
      std::copy_n(scratch_.data() + i * io_.channels, io_.channels, queued_.data() + at);
    }
    return;
  }
  const uint64_t first = start_frame_ + position;
  const uint64_t now = control_.frame_now();
  const size_t late = now > first ? static_cast<size_t>(std::min<uint64_t>(now - first, frames)) : 0;
  sink_.write(control_.playback_base_frame(), first + late, scratch_.data() + late * io_.channels,
              io_.channels, frames - late);
}

void Stream::play_queued() {
  if (!sink_.is_open()) return;
  const uint64_t base = control_.playback_base_frame();
  const uint64_t end = application_position();
  for (uint64_t position = end - std::min<uint64_t>(end, io_.buffer_size); position < end; ++position) {
    const float* const frame = queued_.data() + position % io_.buffer_size * io_.channels;
    sink_.write(base, start_frame_ + position, frame, io_.channels, 1);
  }
}

void Stream::erase_unplayed() {
  if (!started_ || !playback_) return;
  sink_.erase(control_.playback_base_frame(), start_frame_ + position_,
              start_frame_ + application_position());
}

}  // namespace plugjam::virtual_card
