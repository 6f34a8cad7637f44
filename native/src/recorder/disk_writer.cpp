// See disk_writer.h.
#include "recorder/disk_writer.h"

#include <algorithm>

namespace plugjam {
namespace {

// How sessions stand is told so often, beside at each change.
constexpr int64_t kShowEveryNs = 10'000'000'000;

RecorderNotice stands(const RecordedSession& session) {
  RecorderNotice notice;
  notice.kind = RecorderNotice::Kind::kSession;
  notice.session = session;
  return notice;
}

}  // namespace

void DiskWriter::begin(const Performer& performer, uint32_t session) {
  const std::lock_guard lock(orders_mutex_);
  begins_.push_back({{performer, session}});
}

void DiskWriter::end(uint32_t track, uint64_t orders) {
  const std::lock_guard lock(orders_mutex_);
  ends_.push_back({track, orders});
}

bool DiskWriter::busy() {
  const std::lock_guard lock(orders_mutex_);
  return !tracks_.empty() || !begins_.empty() || !ends_.empty();
}

bool DiskWriter::turn(int64_t now_ns) {
  // In this order: the last blocks of a track whose end was obeyed are among those that wait.
  const uint64_t obeyed = tap_.obeyed();
  drain(tap_.ring().waiting());
  take_orders();
  end_tracks(obeyed);
  flush();
  show(now_ns);
  return keep(now_ns);
}

void DiskWriter::finish() {
  drain(tap_.ring().waiting());
  while (!sessions_.empty()) end_session(sessions_.begin()->first);
  tracks_.clear();
}

void DiskWriter::take_orders() {
  const std::lock_guard lock(orders_mutex_);
  for (const Begin& begin : begins_) tracks_[begin.track.performer.track] = begin.track;
  ending_.insert(ending_.end(), ends_.begin(), ends_.end());
  begins_.clear();
  ends_.clear();
}

void DiskWriter::drain(size_t blocks) {
  BlockHeader block;
  for (; blocks > 0; --blocks) {
    const uint8_t* samples = tap_.ring().front(block);
    write(block, samples);
    tap_.ring().pop();
  }
}

void DiskWriter::write(const BlockHeader& block, const uint8_t* samples) {
  auto track = tracks_.find(block.track);
  if (track == tracks_.end()) {
    take_orders();  // its beginning was ordered before it came
    track = tracks_.find(block.track);
  }
  if (track == tracks_.end() || track->second.session <= failed_) return;
  RecordingSession* session = session_at(track->second.session, block.position);
  if (session == nullptr) return;
  if (const int error = session->write(track->second.performer, block, samples, changed_)) fail(error);
}

RecordingSession* DiskWriter::session_at(uint32_t number, int64_t position) {
  const auto found = sessions_.find(number);
  if (found != sessions_.end()) return found->second.get();
  auto session = std::make_unique<RecordingSession>(place_, position);
  if (const int error = session->begin()) {
    fail(error);
    return nullptr;
  }
  tell_writing(true);
  return (sessions_[number] = std::move(session)).get();
}

void DiskWriter::end_tracks(uint64_t obeyed) {
  const auto due = [=](const End& end) { return end.orders <= obeyed; };
  for (const End& end : ending_) {
    if (!due(end)) continue;
    const auto track = tracks_.find(end.track);
    if (track == tracks_.end()) continue;
    const uint32_t number = track->second.session;
    tracks_.erase(track);
    const auto session = sessions_.find(number);
    if (session == sessions_.end()) continue;
    if (const int error = session->second->end(end.track)) {
      fail(error);
    } else if (in_use(number)) {
      changed_ = true;
    } else {
      end_session(number);
    }
  }
  std::erase_if(ending_, due);
}

bool DiskWriter::in_use(uint32_t session) const {
  return std::any_of(tracks_.begin(), tracks_.end(),
                     [=](const auto& entry) { return entry.second.session == session; });
}

void DiskWriter::end_session(uint32_t number) {
  const auto found = sessions_.find(number);
  const std::unique_ptr<RecordingSession> session = std::move(found->second);
  sessions_.erase(found);
  const int error = session->end_all();
  news_.tell(stands(session->state()));
  if (error != 0) return fail(error);
  if (sessions_.empty()) tell_writing(false);
}

void DiskWriter::flush() {
  for (const auto& [number, session] : sessions_) {
    if (const int error = session->flush()) return fail(error);
  }
}

void DiskWriter::show(int64_t now_ns) {
  if (!changed_ && now_ns - shown_ns_ < kShowEveryNs) return;
  changed_ = false;
  shown_ns_ = now_ns;
  for (const auto& [number, session] : sessions_) news_.tell(stands(session->state()));
}

bool DiskWriter::keep(int64_t now_ns) {
  for (const auto& [number, session] : sessions_) {
    int error = 0;
    if (!session->keep_next(now_ns, error)) continue;
    if (error != 0) fail(error);
    return error == 0;
  }
  return false;
}

void DiskWriter::tell_writing(bool writing) {
  if (writing == writing_) return;
  writing_ = writing;
  RecorderNotice notice;
  notice.kind = RecorderNotice::Kind::kWriting;
  notice.writing = writing;
  news_.tell(std::move(notice));
}

// All stops: what cannot be written for one cannot be written for the others.
void DiskWriter::fail(int error) {
  for (const auto& [number, track] : tracks_) failed_ = std::max(failed_, track.session);
  for (const auto& [number, session] : sessions_) {
    failed_ = std::max(failed_, number);
    session->end_all();  // whether it succeeds or not, no more can be done
    news_.tell(stands(session->state()));
  }
  sessions_.clear();
  tell_writing(false);
  RecorderNotice failed;
  failed.kind = RecorderNotice::Kind::kFailed;
  failed.error = error;
  news_.tell(std::move(failed));
}

}  // namespace plugjam
