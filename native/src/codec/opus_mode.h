// The two custom modes of libopus that the protocol uses (spec 3.2), made once for the whole process.
#pragma once

struct OpusCustomMode;

namespace plugjam {

// Mode for 64 or 128 frames at 48 kHz; null if there was no memory for it. The first call of each length
// allocates, and the tables then live as long as the process: every encoder and decoder shares them.
const OpusCustomMode* opus_mode(int block_frames);

}  // namespace plugjam
