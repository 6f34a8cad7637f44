// Between the engine's float frames and the formats that sound cards speak.
#pragma once

#include <alsa/asoundlib.h>

#include <array>
#include <cstdint>
#include <cstring>

namespace plugjam {

// The best first: what loses nothing, then what loses least.
constexpr std::array<snd_pcm_format_t, 5> kSampleFormats = {SND_PCM_FORMAT_FLOAT_LE, SND_PCM_FORMAT_S32_LE,
                                                            SND_PCM_FORMAT_S24_LE, SND_PCM_FORMAT_S24_3LE,
                                                            SND_PCM_FORMAT_S16_LE};

// Card frames, at any address, to stereo and back. What is out of range is clipped. A mono card is heard on
// both sides and plays the mean of both; of a multichannel card the first two channels are used and the
// others kept silent.
void read_frames(snd_pcm_format_t format, int card_channels, const uint8_t* card, float* stereo, int frames);
void write_frames(snd_pcm_format_t format, int card_channels, const float* stereo, uint8_t* card, int frames);

}  // namespace plugjam
