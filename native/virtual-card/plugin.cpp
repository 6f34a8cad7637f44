// The door ALSA comes in by: opens a card's stream and hands its callbacks on.
// ALSA's headers would otherwise register the plugin for a statically linked libasound.
#ifndef PIC
#define PIC
#endif
#include <alsa/asoundlib.h>
#include <alsa/pcm_external.h>

#include <algorithm>
#include <memory>

#include "card_config.h"
#include "stream.h"

namespace plugjam::virtual_card {
namespace {

// What ALSA's private pointer points to.
struct Handle {
  CardConfig config;
  std::unique_ptr<Stream> stream;
};

Stream& stream_of(snd_pcm_ioplug_t* io) { return *static_cast<Handle*>(io->private_data)->stream; }

constexpr snd_pcm_ioplug_callback_t make_callbacks() {
  snd_pcm_ioplug_callback_t callbacks{};
  callbacks.start = [](snd_pcm_ioplug_t* io) { return stream_of(io).start(); };
  callbacks.stop = [](snd_pcm_ioplug_t* io) {
    stream_of(io).stop();
    return 0;
  };
  callbacks.pointer = [](snd_pcm_ioplug_t* io) { return stream_of(io).pointer(); };
  callbacks.transfer = [](snd_pcm_ioplug_t* io, const snd_pcm_channel_area_t* areas, snd_pcm_uframes_t offset,
                          snd_pcm_uframes_t frames) { return stream_of(io).transfer(areas, offset, frames); };
  callbacks.close = [](snd_pcm_ioplug_t* io) {
    delete static_cast<Handle*>(io->private_data);
    return 0;
  };
  callbacks.hw_params = [](snd_pcm_ioplug_t* io, snd_pcm_hw_params_t*) { return stream_of(io).configure(); };
  callbacks.sw_params = [](snd_pcm_ioplug_t* io, snd_pcm_sw_params_t* params) {
    return stream_of(io).set_wakeup(params);
  };
  callbacks.prepare = [](snd_pcm_ioplug_t* io) { return stream_of(io).prepare(); };
  callbacks.resume = [](snd_pcm_ioplug_t* io) { return stream_of(io).resume(); };
  callbacks.poll_descriptors_count = [](snd_pcm_ioplug_t*) { return 1; };
  callbacks.poll_descriptors = [](snd_pcm_ioplug_t* io, pollfd* descriptors, unsigned space) {
    return space < 1 ? 0 : stream_of(io).poll_descriptor(descriptors[0]);
  };
  callbacks.poll_revents = [](snd_pcm_ioplug_t* io, pollfd* descriptors, unsigned count,
                              unsigned short* revents) {
    if (count != 1) return -EINVAL;
    *revents = stream_of(io).poll_result(static_cast<unsigned short>(descriptors[0].revents));
    return 0;
  };
  return callbacks;
}

constexpr snd_pcm_ioplug_callback_t kCallbacks = make_callbacks();

// ALSA counts these limits in bytes, so they are exact where the card has one sample width and channel count,
// and the widest that covers all of its formats elsewhere.
int limit(snd_pcm_ioplug_t& io, const CardConfig& config) {
  const unsigned access[] = {SND_PCM_ACCESS_RW_INTERLEAVED, SND_PCM_ACCESS_MMAP_INTERLEAVED};
  unsigned narrowest = 4, widest = 2;
  for (const unsigned format : config.formats) {
    const auto bytes =
        static_cast<unsigned>(snd_pcm_format_physical_width(static_cast<snd_pcm_format_t>(format)) / 8);
    narrowest = std::min(narrowest, bytes);
    widest = std::max(widest, bytes);
  }
  const unsigned period_min = config.period_min_frames * config.channels_min * narrowest;
  const unsigned period_max = config.period_max_frames * config.channels_max * widest;
  const struct {
    int parameter;
    unsigned min, max;
  } ranges[] = {
      {SND_PCM_IOPLUG_HW_CHANNELS, config.channels_min, config.channels_max},
      {SND_PCM_IOPLUG_HW_RATE, config.rate_hz, config.rate_hz},
      {SND_PCM_IOPLUG_HW_PERIOD_BYTES, period_min, period_max},
      {SND_PCM_IOPLUG_HW_BUFFER_BYTES, period_min * config.periods_min, period_max * config.periods_max},
      {SND_PCM_IOPLUG_HW_PERIODS, config.periods_min, config.periods_max},
  };
  int error = snd_pcm_ioplug_set_param_list(&io, SND_PCM_IOPLUG_HW_ACCESS, std::size(access), access);
  if (error == 0) {
    error = snd_pcm_ioplug_set_param_list(
        &io, SND_PCM_IOPLUG_HW_FORMAT, static_cast<unsigned>(config.formats.size()), config.formats.data());
  }
  for (const auto& range : ranges) {
    if (error == 0) error = snd_pcm_ioplug_set_param_minmax(&io, range.parameter, range.min, range.max);
  }
  return error;
}

int open_card(snd_pcm_t** pcm, const char* name, snd_config_t* block, snd_pcm_stream_t direction, int mode) {
  auto handle = std::make_unique<Handle>();
  int error = handle->config.read(block);
  if (error < 0) return error;
  handle->stream = std::make_unique<Stream>(direction, handle->config);
  error = handle->stream->open();
  if (error < 0) return error;

  snd_pcm_ioplug_t& io = handle->stream->io();
  io.version = SND_PCM_IOPLUG_VERSION;
  io.name = "Plugjam virtual sound card";
  // The pointer is told as it is, never wrapped: 64 bits of frames last.
  static_assert(sizeof(snd_pcm_uframes_t) == 8);
  io.flags = SND_PCM_IOPLUG_FLAG_MONOTONIC | SND_PCM_IOPLUG_FLAG_BOUNDARY_WA;
  io.nonblock = (mode & SND_PCM_NONBLOCK) != 0;  // ALSA only sets it when the mode changes later
  io.callback = &kCallbacks;
  io.private_data = handle.get();
  error = snd_pcm_ioplug_create(&io, name, direction, mode);
  if (error < 0) return error;
  handle.release();  // from here on, the close callback deletes it
  error = limit(io, static_cast<Handle*>(io.private_data)->config);
  if (error < 0) {
    snd_pcm_ioplug_delete(&io);
    return error;
  }
  *pcm = io.pcm;
  return 0;
}

}  // namespace
}  // namespace plugjam::virtual_card

extern "C" {
SND_PCM_PLUGIN_DEFINE_FUNC(plugjam) {
  (void)root;
  return plugjam::virtual_card::open_card(pcmp, name, conf, stream, mode);
}
// ALSA looks for this versioned name beside the function's.
SND_PCM_PLUGIN_SYMBOL(plugjam)
}
