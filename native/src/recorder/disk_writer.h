// The disk thread's work, turn by turn: from the tap's ring into files, as ordered. Keeps no time and makes
// no thread, so a test turns it by hand.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "recorder/recorder_notice.h"
#include "recorder/recorder_tap.h"
#include "recorder/recording_session.h"

namespace plugjam {

class RecorderNews {
 public:
  virtual ~RecorderNews() = default;
  virtual void tell(RecorderNotice notice) = 0;
};

class DiskWriter {
 public:
  DiskWriter(RecordingPlace place, RecorderTap& tap, RecorderNews& news)
      : place_(std::move(place)), tap_(tap), news_(news) {}

  // ---- the thread that orders ----

  // The mixer will send blocks of this track from now on: to be called before the mixer hears of it.
  void begin(const Performer& performer, uint32_t session);
  // The mixer will have sent the last of them when it has obeyed so many orders.
  void end(uint32_t track, uint64_t orders);

  // ---- the disk thread ----

  // Works off what waits. True: there is more to do at once.
  bool turn(int64_t now_ns);
  // Somebody is recorded, or soon will be.
  bool busy();
  // Ends whatever has not ended.
  void finish();

 private:
  struct Track {
    Performer performer;
    uint32_t session = 0;
  };
  struct Begin {
    Track track;
  };
  struct End {
    uint32_t track;
    uint64_t orders;
  };

  void take_orders();
  void drain(size_t blocks);
  void write(const BlockHeader& block, const uint8_t* samples);
  RecordingSession* session_at(uint32_t number, int64_t position);
  void end_tracks(uint64_t obeyed);
  bool in_use(uint32_t session) const;
  void end_session(uint32_t number);
  void flush();
  void show(int64_t now_ns);
  bool keep(int64_t now_ns);
  void tell_writing(bool writing);
  void fail(int error);

  RecordingPlace place_;
  RecorderTap& tap_;
  RecorderNews& news_;

  std::mutex orders_mutex_;
  std::vector<Begin> begins_;
  std::vector<End> ends_;

  std::unordered_map<uint32_t, Track> tracks_;
  std::vector<End> ending_;
  std::map<uint32_t, std::unique_ptr<RecordingSession>> sessions_;
  // Sessions up to this one have failed: what still comes of them is thrown away.
  uint32_t failed_ = 0;
  bool writing_ = false;
  bool changed_ = false;
  int64_t shown_ns_ = 0;
};

}  // namespace plugjam
