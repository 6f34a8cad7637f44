// The recorder as the rest of the program holds it: who is recorded, and the disk thread that writes it down.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "recorder/disk_writer.h"
#include "rt/wakeup.h"

namespace plugjam {

class Recorder final : private RecorderNews {
 public:
  // Has the mixer call RecorderTap::record() in its thread, after all that was ordered before and before all
  // that is ordered later. False: it takes no orders.
  using OrderTrack = std::function<bool(int slot, uint32_t track)>;

  // `tap` is the mixer's already.
  Recorder(std::shared_ptr<RecorderTap> tap, RecordingPlace place, OrderTrack order);
  // As close(), and waits for it.
  ~Recorder();

  // As in src/hub/recorder.ts; slots are the mixer's. All of these from one thread. False: the mixer takes no
  // orders.
  void start();
  bool stop();
  bool new_session();
  bool include(int slot, std::string label);
  bool exclude(int slot);
  // Nothing more is recorded. What waits is written; then kClosed is told.
  void close();

  // Becomes readable when there are notices.
  int news_fd() const { return news_.fd(); }
  void clear_news() { news_.clear(); }
  bool next_notice(RecorderNotice& notice);

 private:
  bool begin(int slot, const std::string& label);
  bool order(int slot, uint32_t track);
  void tell(RecorderNotice notice) override;
  void run();
  void wake();

  std::shared_ptr<RecorderTap> tap_;
  OrderTrack order_;
  DiskWriter writer_;

  bool started_ = false;
  uint32_t session_ = 0;
  uint32_t last_track_ = 0;
  uint64_t orders_ = 0;                  // taken by the mixer
  std::map<int, Performer> performers_;  // by slot

  std::mutex mutex_;  // of what follows
  std::condition_variable woken_;
  bool awake_ = false;
  bool closing_ = false;
  std::deque<RecorderNotice> notices_;
  Wakeup news_;
  std::thread thread_;
};

}  // namespace plugjam
