// The spoken sentences of the box: mono, 48 kHz, 16 bit, one after the other in one piece of memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace plugjam {

// Made once and never changed, so that any thread may read it.
class PromptSet {
 public:
  // Prompt `i` ends where `ends[i]` says, and begins where the one before it ends. An empty one is silent.
  PromptSet(std::vector<int16_t> samples, std::vector<size_t> ends)
      : samples_(std::move(samples)), ends_(std::move(ends)) {}

  int count() const { return static_cast<int>(ends_.size()); }
  std::span<const int16_t> prompt(int index) const {
    const auto at = static_cast<size_t>(index);
    const size_t begin = at == 0 ? 0 : ends_[at - 1];
    return std::span(samples_).subspan(begin, ends_[at] - begin);
  }
  std::span<const int16_t> samples() const { return samples_; }

 private:
  std::vector<int16_t> samples_;
  std::vector<size_t> ends_;
};

}  // namespace plugjam
