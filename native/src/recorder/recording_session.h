// One recording session on the disk: a folder, and in it a file for each musician, all on one time line.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "recorder/block_ring.h"
#include "recorder/recorder_notice.h"
#include "recorder/recorder_tap.h"
#include "recorder/wav_file.h"

namespace plugjam {

struct RecordingPlace {
  std::string folder;  // of all recordings
  Depth depth = Depth::kSixteen;
  int64_t most_riff_bytes = kMostRiffBytes;
};

// Who is recorded. The label becomes part of a file's name: letters, digits, "_" and "-".
struct Performer {
  uint32_t track = 0;
  int slot = 0;
  std::string label;
};

// All results are 0 or an errno.
class RecordingSession {
 public:
  // The session's time begins at `origin`, a position of the mixer's.
  RecordingSession(const RecordingPlace& place, int64_t origin) : place_(place), origin_(origin) {}
  ~RecordingSession();
  RecordingSession(const RecordingSession&) = delete;
  RecordingSession& operator=(const RecordingSession&) = delete;

  // Makes the folder, named after the present time.
  int begin();
  // Makes the block's file where it has none yet; `changed` is set then. Fills what is missing before it.
  int write(const Performer& performer, const BlockHeader& block, const uint8_t* samples, bool& changed);
  // The file of this track, if there is one.
  int end(uint32_t track);
  int end_all();

  // Hands everything to the system.
  int flush();
  // Keeps the files whose turn it is, one a call. True: it was one's turn.
  bool keep_next(int64_t now_ns, int& error);

  const RecordedSession& state();

 private:
  struct Entry {
    size_t index = 0;     // in state_.files
    int64_t kept_ns = 0;  // a new file is kept at once
    WavFile file;
  };

  int begin_file(Entry& entry, const Performer& performer, int channels, int64_t start);
  int close(Entry& entry);
  void mark_gap(int64_t start, int64_t frames);

  RecordingPlace place_;
  int64_t origin_;
  int folder_ = -1;
  bool folder_kept_ = false;
  RecordedSession state_;
  std::unordered_map<uint32_t, Entry> open_;  // by track
  std::vector<uint8_t> packed_;
};

}  // namespace plugjam
