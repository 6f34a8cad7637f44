// See returned_memory.h.
#include "rt/returned_memory.h"

#include <malloc.h>

namespace plugjam {
namespace {

// What glibc begins with. Setting it keeps it from rising.
constexpr int kBigBytes = 128 * 1024;

}  // namespace

void return_big_blocks() {
  mallopt(M_MMAP_THRESHOLD, kBigBytes);
  mallopt(M_TRIM_THRESHOLD, kBigBytes);
}

}  // namespace plugjam
