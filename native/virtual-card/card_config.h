// A card as its block in the ALSA configuration describes it.
#pragma once

#include <alsa/asoundlib.h>

#include <memory>
#include <string>
#include <vector>

#include "source.h"

namespace plugjam::virtual_card {

struct CardConfig {
  std::string control_path;
  uint32_t rate_hz = 48000;
  double ppm = 0;
  uint32_t channels_min = 2;
  uint32_t channels_max = 2;
  std::vector<unsigned> formats = {SND_PCM_FORMAT_S16_LE, SND_PCM_FORMAT_S24_3LE, SND_PCM_FORMAT_S24_LE,
                                   SND_PCM_FORMAT_S32_LE, SND_PCM_FORMAT_FLOAT_LE};
  uint32_t period_min_frames = 32;
  uint32_t period_max_frames = 1024;
  uint32_t periods_min = 2;
  uint32_t periods_max = 16;
  std::string sink_path;           // empty: what is played is lost
  snd_config_t* source = nullptr;  // the source's block, owned by ALSA; null: silence

  // 0, or -EINVAL (after a message on ALSA's error output) when a key is unknown or a value is not allowed.
  int read(snd_config_t* block);
};

// What the card hears. Null after a message: a key, a value or the file is not as it should be.
std::unique_ptr<Source> make_source(const CardConfig& config);

}  // namespace plugjam::virtual_card
