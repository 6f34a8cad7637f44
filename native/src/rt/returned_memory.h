// Gives big blocks of the C heap back to the system as soon as they are freed.
#pragma once

namespace plugjam {

// For the whole process; early, since what is on the heap by then stays there. Left to itself, glibc takes
// each big block that is freed as a reason to keep blocks of its size from now on, up to 32 MB: a box would
// be 10 MB larger.
void return_big_blocks();

}  // namespace plugjam
