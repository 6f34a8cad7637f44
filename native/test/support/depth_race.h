// Runs the same packets through both ways of holding blocks back: the spec's (5.2, 5.4) and ours. What is
// measured is what a musician endures, whatever a setting says.
#pragma once

#include <cstdint>

#include "support/packet_trace.h"

namespace plugjam {

struct DepthResult {
  double held_ms = 0;    // mean time from the earliest moment the route allows to the block's turn
  double concealed = 0;  // share of turns without a block, after the first that had one
  int changes = 0;       // spec: new settings; ours: steps down and returns
};

// Turns come once a block, as on a card that runs like the sender; means over three moments in the block at
// which they may fall.
DepthResult run_spec_depth(const PacketTrace& trace, int block_frames);
DepthResult run_depth_target(const PacketTrace& trace, int block_frames, double tolerated);
// Ours with the tolerance that makes it least deep while it conceals no more than `concealed`; between two
// tolerances tried, in proportion, as if one ran for a part of the time and the other for the rest.
DepthResult run_depth_target_at(const PacketTrace& trace, int block_frames, double concealed);

}  // namespace plugjam
