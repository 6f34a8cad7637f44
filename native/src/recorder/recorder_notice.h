// What the recorder tells: whether it writes, why it stopped, and which files there are.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace plugjam {

// Positions and lengths in frames; positions since the first frame of the session.
struct RecordedFile {
  std::string name;
  std::string label;
  int slot = 0;
  int channels = 0;
  int64_t start = 0;
  int64_t frames = 0;
};

// Silence that stands for sound which the disk was too slow to take, in one file or in several.
struct RecordedGap {
  int64_t start = 0;
  int64_t frames = 0;
};

struct RecordedSession {
  std::string folder;  // below the folder of all recordings
  std::vector<RecordedFile> files;
  std::vector<RecordedGap> gaps;
};

struct RecorderNotice {
  enum class Kind : uint8_t {
    kWriting,  // the first frame of somebody is about to be written, or the last one has been
    kSession,  // how a session stands: at each change, every few seconds, and at its end
    kFailed,   // it has stopped; `error` is an errno
    kClosed,   // nothing is left to be written: the last notice
  };
  Kind kind = Kind::kWriting;
  bool writing = false;
  int error = 0;
  RecordedSession session;
};

}  // namespace plugjam
