// See opus_mode.h.
#include "codec/opus_mode.h"

#include <opus_custom.h>

#include "codec/audio_format.h"

namespace plugjam {

const OpusCustomMode* opus_mode(int block_frames) {
  static const OpusCustomMode* const small = opus_custom_mode_create(kSampleRate, 64, nullptr);
  static const OpusCustomMode* const large = opus_custom_mode_create(kSampleRate, 128, nullptr);
  return block_frames == 64 ? small : large;
}

}  // namespace plugjam
