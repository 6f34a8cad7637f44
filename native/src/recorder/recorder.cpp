// See recorder.h.
#include "recorder/recorder.h"

#include <chrono>
#include <utility>

#include "rt/time.h"

namespace plugjam {
namespace {

// The tap makes no system call, so nobody wakes the disk thread while there is something to write.
constexpr std::chrono::milliseconds kTurnEvery{50};

}  // namespace

Recorder::Recorder(std::shared_ptr<RecorderTap> tap, RecordingPlace place, OrderTrack order)
    : tap_(std::move(tap)), order_(std::move(order)), writer_(std::move(place), *tap_, *this) {
  thread_ = std::thread([this] { run(); });
}

Recorder::~Recorder() {
  close();
  thread_.join();
}

void Recorder::start() { started_ = true; }

bool Recorder::stop() {
  bool taken = true;
  while (!performers_.empty()) taken = exclude(performers_.begin()->first) && taken;
  started_ = false;
  return taken;
}

bool Recorder::new_session() {
  ++session_;
  bool taken = true;
  for (const auto& [slot, performer] : std::map<int, Performer>(performers_)) {
    // One order: not a frame is lost between the two files.
    taken = begin(slot, performer.label) && taken;
    writer_.end(performer.track, orders_);
  }
  return taken;
}

bool Recorder::include(int slot, std::string label) {
  if (!started_ || performers_.contains(slot)) return true;
  if (performers_.empty()) ++session_;
  return begin(slot, label);
}

bool Recorder::begin(int slot, const std::string& label) {
  const Performer performer{++last_track_, slot, label};
  performers_[slot] = performer;
  writer_.begin(performer, session_);
  wake();
  return order(slot, performer.track);
}

// An order that is not taken is never obeyed, and must not be waited for.
bool Recorder::order(int slot, uint32_t track) {
  const bool taken = order_(slot, track);
  if (taken) ++orders_;
  return taken;
}

bool Recorder::exclude(int slot) {
  const auto performer = performers_.find(slot);
  if (performer == performers_.end()) return true;
  const bool taken = order(slot, RecorderTap::kNoTrack);
  writer_.end(performer->second.track, orders_);
  performers_.erase(performer);
  return taken;
}

void Recorder::close() {
  stop();
  const std::lock_guard lock(mutex_);
  closing_ = true;
  awake_ = true;
  woken_.notify_one();
}

bool Recorder::next_notice(RecorderNotice& notice) {
  const std::lock_guard lock(mutex_);
  if (notices_.empty()) return false;
  notice = std::move(notices_.front());
  notices_.pop_front();
  return true;
}

void Recorder::tell(RecorderNotice notice) {
  const std::lock_guard lock(mutex_);
  notices_.push_back(std::move(notice));
  news_.ring();
}

void Recorder::wake() {
  const std::lock_guard lock(mutex_);
  awake_ = true;
  woken_.notify_one();
}

void Recorder::run() {
  std::unique_lock lock(mutex_);
  while (!closing_) {
    lock.unlock();
    const bool more = writer_.turn(monotonic_ns());
    const bool busy = writer_.busy();
    lock.lock();
    if (more) continue;
    const auto woken = [this] { return awake_; };
    if (busy) {
      woken_.wait_for(lock, kTurnEvery, woken);
    } else {
      woken_.wait(lock, woken);
    }
    awake_ = false;
  }
  lock.unlock();
  writer_.finish();
  RecorderNotice closed;
  closed.kind = RecorderNotice::Kind::kClosed;
  tell(std::move(closed));
}

}  // namespace plugjam
