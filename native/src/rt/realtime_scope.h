// Marks the stretches of the audio thread in which nothing may allocate, lock or call the system beyond the
// list.
#pragma once

namespace plugjam {

// Costs one thread-local store each way. The tests' allocator and lock hooks look at `entered()`.
class RealtimeScope {
 public:
  RealtimeScope() { ++depth_; }
  ~RealtimeScope() { --depth_; }
  RealtimeScope(const RealtimeScope&) = delete;
  RealtimeScope& operator=(const RealtimeScope&) = delete;

  static bool entered() { return depth_ > 0; }

 private:
  // "initial-exec" keeps access free of a call that could allocate on first touch in a dlopened addon.
  static inline thread_local int depth_ __attribute__((tls_model("initial-exec"))) = 0;
};

}  // namespace plugjam
