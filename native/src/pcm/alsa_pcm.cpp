// A sound card by ALSA: both directions opened, linked where the card allows it, and moved a period at a
// time.
#include "pcm/alsa_pcm.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "codec/audio_format.h"
#include "pcm/sample_format.h"

namespace plugjam {
namespace {

// A card that moves no frame for this long has stalled, and is given up.
constexpr int kStalledMs = 500;
// Some plugins wake their reader without cause; after so many the caller gets a look at its other duties.
constexpr int kMostPolls = 64;
constexpr int kConverterPeriods = 2;

// Errors that mean the device itself is no more, not that it stumbled.
bool is_lost(int error) { return error == ENODEV || error == ENXIO || error == EBADFD || error == EIO; }

// What a card could not do, by the call that it refused.
const char* conversion_for(const char* refused) {
  if (std::strcmp(refused, "snd_pcm_hw_params_set_rate") == 0) return "rate";
  if (std::strcmp(refused, "snd_pcm_hw_params_set_format") == 0) return "format";
  return "layout";
}

}  // namespace

std::unique_ptr<AlsaPcm> AlsaPcm::open(const CardRequest& request, CardError& error) {
  // Each PCM here is used by one thread at a time, so alsa-lib need not take its mutex on every call.
  setenv("LIBASOUND_THREAD_SAFE", "0", 0);
  std::unique_ptr<AlsaPcm> pcm(new AlsaPcm());
  pcm->capture_.capture = true;
  if (!pcm->open_side(pcm->capture_, request.capture, request, error)) return nullptr;
  CardRequest same = request;
  same.period_frames = static_cast<int>(pcm->capture_.period_frames);
  if (!pcm->open_side(pcm->playback_, request.playback, same, error)) return nullptr;
  if (pcm->capture_.period_frames != pcm->playback_.period_frames) {
    error = {request.playback, "snd_pcm_hw_params_set_period_size", EINVAL};
    return nullptr;
  }

  CardSettings& settings = pcm->settings_;
  settings.capture = request.capture;
  settings.playback = request.playback;
  settings.period_frames = static_cast<int>(pcm->playback_.period_frames);
  settings.periods = static_cast<int>(pcm->playback_.buffer_frames / pcm->playback_.period_frames);
  settings.capture_format = pcm->capture_.format;
  settings.playback_format = pcm->playback_.format;
  settings.capture_channels = pcm->capture_.channels;
  settings.playback_channels = pcm->playback_.channels;
  settings.linked = snd_pcm_link(pcm->capture_.pcm, pcm->playback_.pcm) == 0;
  settings.mmap = pcm->capture_.mmap && pcm->playback_.mmap;
  pcm->full_ = request.full;

  int used = 0;
  for (Side* side : {&pcm->capture_, &pcm->playback_}) {
    side->descriptors = snd_pcm_poll_descriptors_count(side->pcm);
    if (side->descriptors <= 0 || used + side->descriptors > static_cast<int>(pcm->descriptors_.size())) {
      error = {side->capture ? request.capture : request.playback, "snd_pcm_poll_descriptors_count", EINVAL};
      return nullptr;
    }
    used += side->descriptors;
    side->transfer.resize(side->period_frames * static_cast<size_t>(side->frame_bytes));
  }
  pcm->silence_.resize(static_cast<size_t>(settings.period_frames) * 2);
  return pcm;
}

AlsaPcm::~AlsaPcm() {
  if (settings_.linked) snd_pcm_unlink(capture_.pcm);
  for (Side* side : {&capture_, &playback_}) {
    if (side->pcm != nullptr) snd_pcm_close(side->pcm);
  }
}

bool AlsaPcm::open_side(Side& side, const std::string& device, const CardRequest& request, CardError& error) {
  const snd_pcm_stream_t stream = side.capture ? SND_PCM_STREAM_CAPTURE : SND_PCM_STREAM_PLAYBACK;
  const char* call = "snd_pcm_open";
  int status = snd_pcm_open(&side.pcm, device.c_str(), stream, SND_PCM_NONBLOCK);
  if (status == 0 && configure(side, request, false, call, status)) return true;

  // A card that cannot run at 48 kHz, or in none of our formats: ALSA's plug layer converts.
  if (status == -EINVAL && side.pcm != nullptr) {
    snd_pcm_close(side.pcm);
    side.pcm = nullptr;
    const std::string plugged = "plug:SLAVE='" + device + "'";
    const char* plugged_call = "snd_pcm_open";
    int plugged_status = snd_pcm_open(&side.pcm, plugged.c_str(), stream, SND_PCM_NONBLOCK);
    if (plugged_status == 0 && configure(side, request, true, plugged_call, plugged_status)) {
      settings_.converted = conversion_for(call);
      return true;
    }
  }
  if (side.pcm != nullptr) snd_pcm_close(side.pcm);
  side.pcm = nullptr;
  error = {device, call, -status};
  return false;
}

bool AlsaPcm::configure(Side& side, const CardRequest& request, bool resample, const char*& call,
                        int& error) {
  const auto done = [&](const char* name, int status) {
    call = name;
    error = status;
    return status >= 0;
  };
  snd_pcm_t* pcm = side.pcm;
  snd_pcm_hw_params_t* hardware = nullptr;
  snd_pcm_hw_params_alloca(&hardware);
  if (!done("snd_pcm_hw_params_any", snd_pcm_hw_params_any(pcm, hardware))) return false;
  if (!done("snd_pcm_hw_params_set_rate_resample",
            snd_pcm_hw_params_set_rate_resample(pcm, hardware, resample ? 1 : 0))) {
    return false;
  }
  side.mmap = snd_pcm_hw_params_set_access(pcm, hardware, SND_PCM_ACCESS_MMAP_INTERLEAVED) == 0;
  if (!side.mmap && !done("snd_pcm_hw_params_set_access",
                          snd_pcm_hw_params_set_access(pcm, hardware, SND_PCM_ACCESS_RW_INTERLEAVED))) {
    return false;
  }
  int status = -EINVAL;
  for (const snd_pcm_format_t format : kSampleFormats) {
    status = snd_pcm_hw_params_set_format(pcm, hardware, format);
    side.format = format;
    if (status == 0) break;
  }
  if (!done("snd_pcm_hw_params_set_format", status)) return false;
  if (!done("snd_pcm_hw_params_set_rate", snd_pcm_hw_params_set_rate(pcm, hardware, kSampleRate, 0)))
    return false;
  unsigned channels = kMaxChannels;
  if (!done("snd_pcm_hw_params_set_channels_near",
            snd_pcm_hw_params_set_channels_near(pcm, hardware, &channels))) {
    return false;
  }
  side.period_frames = static_cast<snd_pcm_uframes_t>(request.period_frames);
  if (!done("snd_pcm_hw_params_set_period_size_near",
            snd_pcm_hw_params_set_period_size_near(pcm, hardware, &side.period_frames, nullptr))) {
    return false;
  }
  // A rate converter rounds the buffer down to what the card can do, and swallows some of it.
  const int periods = request.periods + (resample ? kConverterPeriods : 0);
  side.buffer_frames = side.period_frames * static_cast<snd_pcm_uframes_t>(periods);
  if (!done("snd_pcm_hw_params_set_buffer_size_near",
            snd_pcm_hw_params_set_buffer_size_near(pcm, hardware, &side.buffer_frames))) {
    return false;
  }
  if (!done("snd_pcm_hw_params", snd_pcm_hw_params(pcm, hardware))) return false;
  snd_pcm_hw_params_get_period_size(hardware, &side.period_frames, nullptr);
  snd_pcm_hw_params_get_buffer_size(hardware, &side.buffer_frames);
  if (side.period_frames > kMostPeriodFrames) return done("snd_pcm_hw_params_set_period_size_near", -EINVAL);
  if (side.buffer_frames < 2 * side.period_frames)
    return done("snd_pcm_hw_params_set_buffer_size_near", -EINVAL);
  side.channels = static_cast<int>(channels);
  side.frame_bytes = snd_pcm_format_physical_width(side.format) / 8 * side.channels;

  snd_pcm_sw_params_t* software = nullptr;
  snd_pcm_sw_params_alloca(&software);
  snd_pcm_uframes_t boundary = 0;
  if (!done("snd_pcm_sw_params_current", snd_pcm_sw_params_current(pcm, software))) return false;
  snd_pcm_sw_params_get_boundary(software, &boundary);
  // Started by hand, both directions together; stopped by the card when it runs dry or over.
  snd_pcm_sw_params_set_start_threshold(pcm, software, boundary);
  snd_pcm_sw_params_set_stop_threshold(pcm, software, side.buffer_frames);
  snd_pcm_sw_params_set_avail_min(pcm, software, side.period_frames);
  return done("snd_pcm_sw_params", snd_pcm_sw_params(pcm, software));
}

// What a converter still holds is not known, and its buffer is rounded.
int AlsaPcm::headroom_frames() const {
  const bool tells = !full_ && settings_.converted.empty();
  return tells ? (settings_.periods - 1) * settings_.period_frames : 0;
}

bool AlsaPcm::start() {
  for (Side* side : {&playback_, &capture_}) {
    if (settings_.linked && side == &capture_) continue;  // prepared with its partner
    const int status = snd_pcm_prepare(side->pcm);
    if (status < 0) {
      gone(*side, "snd_pcm_prepare", -status);
      return false;
    }
  }
  if (!fill_with_silence()) return false;
  for (Side* side : {&playback_, &capture_}) {
    if (settings_.linked && side == &capture_) continue;
    const int status = snd_pcm_start(side->pcm);
    if (status < 0) {
      gone(*side, "snd_pcm_start", -status);
      return false;
    }
  }
  return true;
}

bool AlsaPcm::fill_with_silence() {
  for (snd_pcm_uframes_t filled = 0; filled + playback_.period_frames <= playback_.buffer_frames;
       filled += playback_.period_frames) {
    const int status = transfer(playback_, nullptr, silence_.data(), settings_.period_frames);
    if (status < 0) {
      gone(playback_, "snd_pcm_writei", -status);
      return false;
    }
  }
  return true;
}

void AlsaPcm::stop() {
  snd_pcm_drop(playback_.pcm);
  snd_pcm_drop(capture_.pcm);
}

PcmWait AlsaPcm::wait() {
  capture_.ready = playback_.ready = false;
  for (int polls = 0; polls < kMostPolls; ++polls) {
    for (Side* side : {&capture_, &playback_}) {
      const int error = look(*side);
      if (error == 0) continue;
      if (is_lost(error)) return gone(*side, "snd_pcm_avail_update", error);
      return restart();
    }
    if (capture_.ready && playback_.ready) return PcmWait::kReady;

    // Only the direction that is not ready is waited for: the other would wake us again and again.
    int first = 0;
    int count = 0;
    if (!capture_.ready) {
      snd_pcm_poll_descriptors(capture_.pcm, &descriptors_[0], static_cast<unsigned>(capture_.descriptors));
      count = capture_.descriptors;
    }
    if (!playback_.ready) {
      first = capture_.ready ? 0 : count;
      snd_pcm_poll_descriptors(playback_.pcm, &descriptors_[static_cast<size_t>(first)],
                               static_cast<unsigned>(playback_.descriptors));
      count = first + playback_.descriptors;
    }
    const int events = poll(descriptors_.data(), static_cast<nfds_t>(count), kStalledMs);
    if (events < 0 && errno != EINTR) return gone(capture_, "poll", errno);
    if (events == 0) return gone(capture_.ready ? playback_ : capture_, "poll", ETIMEDOUT);
    // The plugins of ALSA need to see the events, to quieten their descriptors.
    unsigned short seen = 0;
    if (!capture_.ready) {
      snd_pcm_poll_descriptors_revents(capture_.pcm, &descriptors_[0],
                                       static_cast<unsigned>(capture_.descriptors), &seen);
    }
    if (!playback_.ready) {
      snd_pcm_poll_descriptors_revents(playback_.pcm, &descriptors_[static_cast<size_t>(first)],
                                       static_cast<unsigned>(playback_.descriptors), &seen);
    }
  }
  return PcmWait::kNothing;
}

// Sets `ready`, or returns the errno of trouble.
int AlsaPcm::look(Side& side) {
  const snd_pcm_sframes_t available = snd_pcm_avail_update(side.pcm);
  if (available < 0) return static_cast<int>(-available);
  if (&side == &playback_) left_frames_ = static_cast<int>(side.buffer_frames) - static_cast<int>(available);
  side.ready = available >= static_cast<snd_pcm_sframes_t>(side.period_frames);
  if (side.ready) return 0;
  switch (snd_pcm_state(side.pcm)) {
    case SND_PCM_STATE_DISCONNECTED:
      return ENODEV;
    case SND_PCM_STATE_XRUN:
      return EPIPE;
    case SND_PCM_STATE_SUSPENDED:
      return ESTRPIPE;
    default:
      return 0;
  }
}

PcmWait AlsaPcm::restart() {
  stop();
  return start() ? PcmWait::kXrun : PcmWait::kGone;
}

PcmWait AlsaPcm::gone(const Side& side, const char* call, int error) {
  failure_ = {call, error, side.capture};
  return PcmWait::kGone;
}

bool AlsaPcm::read(float* frames) {
  const int status = transfer(capture_, frames, nullptr, settings_.period_frames);
  if (status >= 0) return true;
  gone(capture_, "snd_pcm_readi", -status);
  return false;
}

bool AlsaPcm::write(const float* frames, int count) {
  const int status = transfer(playback_, nullptr, frames, count);
  if (status >= 0) return true;
  gone(playback_, "snd_pcm_writei", -status);
  return false;
}

// Moves so many frames, into `in` or out of `out`. Returns 0 or a negative errno. An xrun in the middle of it
// is no failure here: the next wait sees it and restarts the card.
int AlsaPcm::transfer(Side& side, float* in, const float* out, int frames) {
  int moved = 0;
  while (moved < frames) {
    uint8_t* place = side.transfer.data();
    snd_pcm_uframes_t count = std::min(static_cast<snd_pcm_uframes_t>(frames - moved), side.period_frames);
    snd_pcm_uframes_t offset = 0;
    snd_pcm_sframes_t status = 0;
    if (side.mmap) {
      const snd_pcm_channel_area_t* areas = nullptr;
      status = snd_pcm_mmap_begin(side.pcm, &areas, &offset, &count);
      if (status >= 0) {
        place = static_cast<uint8_t*>(areas[0].addr) + areas[0].first / 8 + offset * (areas[0].step / 8);
      }
    } else if (in != nullptr) {
      status = snd_pcm_readi(side.pcm, place, count);
      if (status >= 0) count = static_cast<snd_pcm_uframes_t>(status);
    }
    if (status >= 0) {
      const int now = static_cast<int>(count);
      if (in != nullptr) read_frames(side.format, side.channels, place, in + 2 * moved, now);
      if (out != nullptr) write_frames(side.format, side.channels, out + 2 * moved, place, now);
      if (side.mmap) {
        status = snd_pcm_mmap_commit(side.pcm, offset, count);
      } else if (out != nullptr) {
        status = snd_pcm_writei(side.pcm, place, count);
      }
      if (status > 0) moved += static_cast<int>(status);
    }
    if (status < 0 && is_lost(static_cast<int>(-status))) return static_cast<int>(status);
    if (status <= 0) {
      if (in != nullptr) std::fill(in + 2 * moved, in + 2 * frames, 0.0f);
      return 0;
    }
  }
  return 0;
}

}  // namespace plugjam
