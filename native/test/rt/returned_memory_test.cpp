// A big block goes back to the system when it is freed, also after another has been.
#include "rt/returned_memory.h"

#include <doctest/doctest.h>
#include <malloc.h>

#include <cstdlib>
#include <memory>
#include <vector>

#ifndef PLUGJAM_SANITIZED  // its allocator is another

TEST_CASE("big blocks do not stay on the heap, however many were freed before") {
  constexpr size_t kBytes = 4 << 20;
  plugjam::return_big_blocks();
  // What other tests have left free on the heap is used up first.
  std::vector<std::unique_ptr<void, void (*)(void*)>> fill;
  for (size_t before = mallinfo2().hblkhd; mallinfo2().hblkhd < before + kBytes;) {
    REQUIRE(fill.size() < 100);
    fill.emplace_back(std::malloc(kBytes), std::free);
  }
  for (int time = 0; time < 3; ++time) {
    const size_t before = mallinfo2().hblkhd;
    void* volatile block = std::malloc(kBytes);
    CHECK(mallinfo2().hblkhd >= before + kBytes);
    std::free(block);
    CHECK(mallinfo2().hblkhd == before);
  }
}

#endif
