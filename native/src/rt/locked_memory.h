// Keeps what the audio thread touches in memory, so that a page fault never waits for a disk.
#pragma once

#include <cstddef>

namespace plugjam {

// Not mlockall: V8 gives pages of its own back by calls that fail on locked pages, and then ends the process.
// Both return 0 or an errno; nothing is undone on a refusal, since the rest still helps.

// One object that lives outside the C heap's main arena, as large ones do.
int lock_object(const void* object, size_t bytes);

// The C heap as far as it goes now, and the code and constants of the libraries the audio thread runs
// through.
int lock_heap_and_code();

}  // namespace plugjam
