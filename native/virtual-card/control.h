// The control file of a virtual card: how tests and the plugin see the same clock and the same faults.
//
// A plain C struct, mapped by every process that has the card open. A controller changes it with write(2) on
// the file, aligned fields only: the write is what wakes a process that sleeps in poll(). Little-endian; the
// offsets in the comments are the contract with src/audio/virtual-card.ts. Times are CLOCK_MONOTONIC
// nanoseconds, frames are the card's own frame counter, which starts at 0 at the epoch.
#pragma once

#include <stdint.h>

enum {
  kControlMagic = 0x43564a50,  // "PJVC"
  kControlVersion = 1,
};

enum {
  kFaultVanished = 1,   // the card was pulled out: ENODEV from everything until it comes back
  kFaultBusy = 2,       // somebody else has it: EBUSY from open
  kFaultSuspended = 4,  // the machine sleeps: ESTRPIPE until resume
  kFaultHung = 8,       // the driver is stuck: who moves frames does not come back until it is over
};

// One direction of the card. Both have the same clock unless a fault held one of them back.
struct ControlSide {
  uint64_t epoch_ns;       //  0  when this side's frame counter was 0
  uint64_t stopped_at_ns;  //  8  the counter stands still since then; 0: it runs
  uint32_t faults;         // 16  kFault... bits
  uint32_t vanish_count;   // 20  how often it was pulled out: a handle opened before stays dead afterwards
  uint64_t unused;         // 24
  // Written by the plugin, for tests to read.
  uint64_t start_frame;  // 32  the frame at which the stream was last started
  uint32_t starts;       // 40  how often it was started
  uint32_t xruns;        // 44  how often it ran over or under
  uint64_t unused2[2];   // 48
};

struct ControlLayout {
  uint32_t magic;                //   0
  uint32_t version;              //   4
  uint64_t playback_base_frame;  //   8  the frame that byte 0 of the playback file stands for
  uint64_t unused[6];            //  16
  struct ControlSide capture;    //  64
  struct ControlSide playback;   // 128
};                               // 192 bytes

#ifdef __cplusplus
static_assert(sizeof(ControlSide) == 64 && sizeof(ControlLayout) == 192, "the layout is a file format");
#endif
