// Files of one session fit together to the sample, whoever comes, goes, changes, or is missed by a slow disk.
#include "recorder/disk_writer.h"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <regex>

#include "recorder/wav_reader.h"

using namespace plugjam;
using namespace plugjam::test;

namespace {

constexpr int kTick = 64;
constexpr int64_t kSecondNs = 1'000'000'000;

// What a client plays at a place in the mixer's time: no two channels play the same.
int16_t played(int slot, int64_t position, int channel) {
  return static_cast<int16_t>((position * 31 + slot * 1009 + channel * 503) % 32749 + 1);
}

class News final : public RecorderNews {
 public:
  void tell(RecorderNotice notice) override { notices.push_back(std::move(notice)); }

  std::string kinds() const {
    std::string kinds;
    for (const RecorderNotice& notice : notices) {
      if (notice.kind == RecorderNotice::Kind::kWriting) kinds += notice.writing ? "+" : "-";
      if (notice.kind == RecorderNotice::Kind::kFailed) kinds += "!";
    }
    return kinds;
  }
  // Of each folder, how it was told last.
  std::vector<RecordedSession> sessions() const {
    std::vector<RecordedSession> sessions;
    for (const RecorderNotice& notice : notices) {
      if (notice.kind != RecorderNotice::Kind::kSession) continue;
      const auto same = [&](const RecordedSession& other) { return other.folder == notice.session.folder; };
      std::erase_if(sessions, same);
      sessions.push_back(notice.session);
    }
    return sessions;
  }

  std::vector<RecorderNotice> notices;
};

// A mixer's thread, an ordering thread and a disk thread, all turned by hand.
class Rig {
 public:
  explicit Rig(Depth depth = Depth::kSixteen, int slots = 4) : tap(slots, kTick, depth) {
    place.folder = scratch.path();
    place.depth = depth;
    writer = std::make_unique<DiskWriter>(place, tap, news);
  }

  uint32_t record(int slot, uint32_t session = 1, int channels = 2) {
    const uint32_t track = ++tracks_;
    channels_[slot] = channels;
    writer->begin({track, slot, "musician"}, session);
    ++orders_;
    tap.record(slot, track);
    return track;
  }
  void end(int slot, uint32_t track) {
    writer->end(track, ++orders_);
    tap.record(slot, RecorderTap::kNoTrack);
  }
  void change(int slot, int channels) { channels_[slot] = channels; }
  void tick(int times = 1) {
    for (; times > 0; --times, position += kTick) {
      for (const auto& [slot, channels] : channels_) {
        if (!tap.wants(slot)) continue;
        int16_t samples[kTick * 2];
        for (int i = 0; i < kTick * channels; ++i) {
          samples[i] = played(slot, position + i / channels, i % channels);
        }
        tap.take(slot, position, channels, kTick, samples);
      }
    }
  }
  void turn() {
    now_ns += kSecondNs;
    while (writer->turn(now_ns)) continue;
  }

  ScratchFolder scratch;
  RecorderTap tap;
  RecordingPlace place;
  News news;
  std::unique_ptr<DiskWriter> writer;
  int64_t position = 128'000;  // the mixer has run for a while
  int64_t now_ns = monotonic_start();

 private:
  static int64_t monotonic_start();

  std::map<int, int> channels_;
  uint32_t tracks_ = 0;
  uint64_t orders_ = 0;
};

int64_t Rig::monotonic_start() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * kSecondNs;
}

Wav wav_of(const Rig& rig, const RecordedSession& session, size_t index) {
  return read_wav(rig.scratch.path() / session.folder / session.files.at(index).name);
}

// The file says at each place what was played there; except in gaps, where it is silent.
void check_sound(const Rig& rig, const RecordedSession& session, size_t index, int64_t origin) {
  const RecordedFile& file = session.files.at(index);
  const Wav wav = wav_of(rig, session, index);
  REQUIRE(wav.frames == file.frames);
  REQUIRE(wav.channels == file.channels);
  int64_t wrong = 0;
  for (int64_t frame = 0; frame < wav.frames; ++frame) {
    const int64_t at = file.start + frame;
    const bool missing = std::any_of(session.gaps.begin(), session.gaps.end(), [&](const RecordedGap& gap) {
      return at >= gap.start && at < gap.start + gap.frames;
    });
    for (int channel = 0; channel < wav.channels; ++channel) {
      const int expected = missing ? 0 : played(file.slot, origin + at, channel);
      if (wav.samples[static_cast<size_t>(frame * wav.channels + channel)] != expected) ++wrong;
    }
  }
  CHECK(wrong == 0);
}

}  // namespace

TEST_CASE("two who begin and end at different times lie on one time line") {
  Rig rig;
  const int64_t origin = rig.position;
  const uint32_t first = rig.record(0);
  rig.tick(10);
  rig.turn();
  const uint32_t second = rig.record(2, 1, 1);
  rig.tick(300);
  rig.end(0, first);
  rig.tick(7);
  rig.turn();
  rig.end(2, second);
  rig.tick(5);
  rig.turn();
  const auto sessions = rig.news.sessions();
  REQUIRE(sessions.size() == 1);
  REQUIRE(sessions[0].files.size() == 2);
  CHECK(sessions[0].gaps.empty());
  CHECK(sessions[0].files[0].name == "musician-0-0-2.wav");
  CHECK(sessions[0].files[0].frames == 310 * kTick);
  CHECK(sessions[0].files[1].name == "musician-2-640-1.wav");
  CHECK(sessions[0].files[1].start == 10 * kTick);
  CHECK(sessions[0].files[1].frames == 307 * kTick);
  check_sound(rig, sessions[0], 0, origin);
  check_sound(rig, sessions[0], 1, origin);
  CHECK(rig.news.kinds() == "+-");
  CHECK_FALSE(rig.writer->busy());
}

TEST_CASE(
    "nothing is made before the first frame comes, and what is made is for the owner and the group alone") {
  Rig rig;
  const uint32_t track = rig.record(0);
  rig.turn();
  CHECK(rig.scratch.entries().empty());
  CHECK(rig.news.kinds().empty());
  rig.tick();
  rig.turn();
  REQUIRE(rig.scratch.entries().size() == 1);
  const auto folder = rig.scratch.entries()[0];
  CHECK(std::regex_match(folder.filename().string(), std::regex("Jam-20\\d{6}-\\d{9}")));
  struct stat status {};
  REQUIRE(stat(folder.c_str(), &status) == 0);
  CHECK((status.st_mode & 0027) == 0);
  REQUIRE(stat((folder / "musician-0-0-2.wav").c_str(), &status) == 0);
  CHECK((status.st_mode & 0137) == 0);
  CHECK(rig.news.kinds() == "+");
  rig.end(0, track);
  rig.turn();
  CHECK(rig.news.kinds() == "+-");
}

TEST_CASE("a client that changes from mono to stereo goes on in another file, without a missing frame") {
  Rig rig;
  const int64_t origin = rig.position;
  const uint32_t track = rig.record(1, 1, 1);
  rig.tick(20);
  rig.change(1, 2);
  rig.tick(30);
  rig.end(1, track);
  rig.turn();
  const auto session = rig.news.sessions().at(0);
  REQUIRE(session.files.size() == 2);
  CHECK(session.files[0].channels == 1);
  CHECK(session.files[1].channels == 2);
  CHECK(session.files[0].start + session.files[0].frames == session.files[1].start);
  CHECK(session.files[1].frames == 30 * kTick);
  check_sound(rig, session, 0, origin);
  check_sound(rig, session, 1, origin);
}

TEST_CASE("a new session goes on in another folder, without a missing frame, and the light stays on") {
  Rig rig;
  const int64_t origin = rig.position;
  const uint32_t a = rig.record(0), b = rig.record(1);
  rig.tick(20);
  // As a mixer may obey: one client's change before a tick, the other's after it.
  rig.writer->begin({77, 0, "musician"}, 2);
  rig.tap.record(0, 77);
  rig.writer->end(a, rig.tap.obeyed());
  rig.tick();
  rig.turn();
  rig.writer->begin({78, 1, "musician"}, 2);
  rig.tap.record(1, 78);
  rig.writer->end(b, rig.tap.obeyed());
  rig.tick(9);
  rig.turn();
  rig.tap.record(0, RecorderTap::kNoTrack);
  rig.writer->end(77, rig.tap.obeyed());
  rig.tap.record(1, RecorderTap::kNoTrack);
  rig.writer->end(78, rig.tap.obeyed());
  rig.turn();
  const auto sessions = rig.news.sessions();
  REQUIRE(sessions.size() == 2);
  REQUIRE(sessions[0].folder != sessions[1].folder);
  CHECK(sessions[0].files[0].frames == 20 * kTick);
  CHECK(sessions[0].files[1].frames == 21 * kTick);
  CHECK(sessions[1].files[0].start == 0);
  CHECK(sessions[1].files[1].start == kTick);
  for (size_t i = 0; i < 2; ++i) {
    check_sound(rig, sessions[0], i, origin);
    check_sound(rig, sessions[1], i, origin + 20 * kTick);
  }
  CHECK(rig.news.kinds() == "+-");
}

TEST_CASE("a disk too slow for the ring costs a gap, which is filled, told, and moves nothing") {
  Rig rig;
  const int64_t origin = rig.position;
  const uint32_t a = rig.record(0), b = rig.record(1);
  rig.tick(100);
  rig.turn();
  const auto ring_ticks = static_cast<int>(rig.tap.ring().cells() / 2);
  CHECK(ring_ticks * kTick == 2 * RecorderTap::kSeconds * 48000);  // two of the four slots are taken
  rig.tick(ring_ticks + 250);                                      // nobody turns the disk
  CHECK(rig.tap.dropped() == 500);
  rig.turn();
  rig.tick(50);
  rig.end(0, a);
  rig.end(1, b);
  rig.turn();
  const auto session = rig.news.sessions().at(0);
  REQUIRE(session.gaps.size() == 1);
  CHECK(session.gaps[0].start == (100 + ring_ticks) * kTick);
  CHECK(session.gaps[0].frames == 250 * kTick);
  for (size_t i = 0; i < 2; ++i) {
    CHECK(session.files[i].frames == (100 + ring_ticks + 250 + 50) * kTick);
    check_sound(rig, session, i, origin);
  }
  CHECK(rig.news.kinds() == "+-");
}

TEST_CASE("files copied in the midst of a recording can be played") {
  Rig rig;
  rig.record(0);
  rig.record(1, 1, 1);
  int64_t kept = 0;
  for (int turn = 0; turn < 20; ++turn) {
    rig.tick(13);
    rig.turn();
    const auto session = rig.news.sessions().at(0);
    for (size_t i = 0; i < 2; ++i) kept = wav_of(rig, session, i).frames;
    CHECK(kept == (turn + 1) * 13 * kTick);
  }
}

TEST_CASE("24 bit hold what 16 bit would lose, and are bounded") {
  Rig rig(Depth::kTwentyFour);
  const uint32_t track = rig.record(0, 1, 1);
  float samples[kTick] = {0.0f,  1.0f / 8388608.0f,  -3.0f / 8388608.0f, 0.5f, 1.0f,
                          -1.0f, 100.3f / 8388608.0f};
  rig.tap.take(0, 0, 1, kTick, samples);
  rig.end(0, track);
  rig.turn();
  const Wav wav = wav_of(rig, rig.news.sessions().at(0), 0);
  CHECK(wav.bits == 24);
  CHECK(wav.frames == kTick);
  const std::vector<int32_t> begin(wav.samples.begin(), wav.samples.begin() + 7);
  CHECK(begin == std::vector<int32_t>{0, 1, -3, 4194304, 8388607, -8388608, 100});
}

TEST_CASE(
    "a folder that is not there, or goes away, ends the recording with a word, and a later one may succeed") {
  Rig rig;
  std::filesystem::remove(rig.scratch.path());
  const uint32_t a = rig.record(0);
  rig.tick(3);
  rig.turn();
  CHECK(rig.news.kinds() == "!");  // no frame was written: the light did not come on
  CHECK(rig.news.notices.back().error == ENOENT);
  rig.tick(3);
  rig.turn();
  rig.end(0, a);
  rig.turn();
  CHECK(rig.news.kinds() == "!");

  std::filesystem::create_directory(rig.scratch.path());
  rig.record(0, 2);
  rig.tick(3);
  rig.turn();
  CHECK(rig.news.kinds() == "!+");
  std::filesystem::remove_all(rig.scratch.entries().at(0));
  rig.tick(3);
  rig.turn();
  CHECK(rig.news.kinds() == "!+-!");
  CHECK(rig.news.notices.back().error == ENOENT);
  rig.tick(100);
  rig.turn();
  CHECK(rig.scratch.entries().empty());
}

TEST_CASE("a full disk ends the recording of all, and what is there can be played") {
  Rig rig;
  // In a child: the limit holds for a whole process.
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{100'000, 100'000};
    setrlimit(RLIMIT_FSIZE, &limit);
    rig.record(0);
    rig.record(1, 1, 1);
    for (int turn = 0; turn < 10; ++turn) {
      rig.tick(100);
      rig.turn();
    }
    const auto session = rig.news.sessions().at(0);
    const bool fine = rig.news.kinds() == "+-!" && rig.news.notices.back().error == EFBIG &&
                      session.files[0].frames == (100'000 - kWavHeaderBytes) / 4 &&
                      session.files[1].frames > 0;
    _exit(fine ? 0 : 1);
  }
  int status = -1;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(WEXITSTATUS(status) == 0);
  const auto folder = rig.scratch.entries().at(0);
  CHECK(read_wav(folder / "musician-0-0-2.wav").frames == (100'000 - kWavHeaderBytes) / 4);
  CHECK(read_wav(folder / "musician-1-0-1.wav").frames % kTick == 0);
}
