// See recording_session.h.
#include "recorder/recording_session.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>

#include "rt/time.h"

namespace plugjam {
namespace {

static_assert(std::endian::native == std::endian::little, "samples go to the file as they are");

// The operator's group may fetch recordings; nobody else may look into the folder.
constexpr mode_t kFolderMode = 0750;

// Each file is kept so often: what a power cut takes is twice this, and what the disk takes for it.
constexpr int64_t kKeepEveryNs = 500'000'000;

std::string folder_name(int64_t ms_since_1970) {
  const time_t seconds = ms_since_1970 / 1000;
  tm date{};
  gmtime_r(&seconds, &date);
  char text[64];
  std::snprintf(text, sizeof(text), "Jam-%04d%02d%02d-%02d%02d%02d%03d", date.tm_year + 1900, date.tm_mon + 1,
                date.tm_mday, date.tm_hour, date.tm_min, date.tm_sec, static_cast<int>(ms_since_1970 % 1000));
  return text;
}

void pack_24(const uint8_t* floats, size_t samples, std::vector<uint8_t>& packed) {
  packed.resize(samples * 3);
  for (size_t i = 0; i < samples; ++i) {
    float sample = 0.0f;
    std::memcpy(&sample, floats + i * sizeof(float), sizeof(float));
    const long rounded = std::clamp(std::lrintf(sample * 8388608.0f), -8388608L, 8388607L);
    for (size_t byte = 0; byte < 3; ++byte)
      packed[i * 3 + byte] = static_cast<uint8_t>(rounded >> (8 * byte));
  }
}

}  // namespace

RecordingSession::~RecordingSession() {
  open_.clear();
  if (folder_ >= 0) ::close(folder_);
}

int RecordingSession::begin() {
  const int parent = open(place_.folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (parent < 0) return errno;
  int64_t ms = read_clock_ns(CLOCK_REALTIME) / 1'000'000;
  // Another session of the same millisecond has the name already.
  int error = EEXIST;
  for (int tries = 0; error == EEXIST && tries < 1000; ++tries, ++ms) {
    state_.folder = folder_name(ms);
    error = mkdirat(parent, state_.folder.c_str(), kFolderMode) == 0 ? 0 : errno;
  }
  if (error == 0) {
    folder_ = openat(parent, state_.folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (folder_ < 0 || fsync(parent) != 0) error = errno;
  }
  ::close(parent);
  return error;
}

int RecordingSession::write(const Performer& performer, const BlockHeader& block, const uint8_t* samples,
                            bool& changed) {
  const int64_t start = block.position - origin_;
  if (const auto open = open_.find(performer.track);
      open != open_.end() && open->second.file.format().channels != block.channels) {
    if (const int error = end(performer.track)) return error;
  }
  Entry& entry = open_[performer.track];
  if (!entry.file.open()) {
    if (const int error = begin_file(entry, performer, block.channels, start)) return error;
    changed = true;
  }
  const int64_t expected = state_.files[entry.index].start + entry.file.frames();
  if (start > expected) {
    mark_gap(expected, start - expected);
    if (const int error = entry.file.append_silence(start - expected)) return error;
  }
  const size_t count = static_cast<size_t>(block.frames) * block.channels;
  if (place_.depth == Depth::kSixteen) return entry.file.append({samples, count * sizeof(int16_t)});
  pack_24(samples, count, packed_);
  return entry.file.append(packed_);
}

int RecordingSession::begin_file(Entry& entry, const Performer& performer, int channels, int64_t start) {
  const std::string name = performer.label + "-" + std::to_string(performer.slot) + "-" +
                           std::to_string(start) + "-" + std::to_string(channels) + ".wav";
  entry.index = state_.files.size();
  state_.files.push_back({name, performer.label, performer.slot, channels, start, 0});
  folder_kept_ = false;
  const int bytes_per_sample = place_.depth == Depth::kSixteen ? 2 : 3;
  return entry.file.create(folder_, name.c_str(), {channels, bytes_per_sample}, place_.most_riff_bytes);
}

int RecordingSession::end(uint32_t track) {
  const auto open = open_.find(track);
  if (open == open_.end()) return 0;
  const int error = close(open->second);
  open_.erase(open);
  return error;
}

int RecordingSession::end_all() {
  int error = 0;
  for (auto& [track, entry] : open_) {
    const int failed = close(entry);
    if (error == 0) error = failed;
  }
  open_.clear();
  return error;
}

int RecordingSession::close(Entry& entry) {
  const int error = entry.file.close();
  state_.files[entry.index].frames = entry.file.frames();
  return error;
}

int RecordingSession::flush() {
  for (auto& [track, entry] : open_) {
    if (const int error = entry.file.write()) return error;
  }
  return 0;
}

bool RecordingSession::keep_next(int64_t now_ns, int& error) {
  if (!folder_kept_) {
    folder_kept_ = true;
    error = fsync(folder_) == 0 ? 0 : errno;
    return true;
  }
  const auto oldest = std::min_element(open_.begin(), open_.end(), [](const auto& a, const auto& b) {
    return a.second.kept_ns < b.second.kept_ns;
  });
  if (oldest == open_.end() || now_ns - oldest->second.kept_ns < kKeepEveryNs) return false;
  oldest->second.kept_ns = now_ns;
  error = oldest->second.file.keep();
  return true;
}

const RecordedSession& RecordingSession::state() {
  for (const auto& [track, entry] : open_) state_.files[entry.index].frames = entry.file.frames();
  return state_;
}

// When the disk is too slow, it is so for all: what is missing here is mostly what is missing there.
void RecordingSession::mark_gap(int64_t start, int64_t frames) {
  const int64_t end = start + frames;
  for (RecordedGap& gap : state_.gaps) {
    if (start > gap.start + gap.frames || end < gap.start) continue;
    const int64_t joint_end = std::max(end, gap.start + gap.frames);
    gap.start = std::min(start, gap.start);
    gap.frames = joint_end - gap.start;
    return;
  }
  state_.gaps.push_back({start, frames});
}

}  // namespace plugjam
