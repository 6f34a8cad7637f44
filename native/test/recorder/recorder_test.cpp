// The recorder as a whole: the mixer's thread and the disk's side by side, and what is left when they are
// killed.
#include "recorder/recorder.h"

#include <doctest/doctest.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "mixer/desk_rig.h"
#include "recorder/wav_reader.h"
#include "rt/realtime_scope.h"
#include "rt/time.h"
#include "support/realtime_watch.h"

using namespace plugjam;
using namespace plugjam::test;

namespace {

constexpr int kTick = 64;

// A mixer's thread that is turned by hand: orders are obeyed at once.
class RecorderRig {
 public:
  explicit RecorderRig(Depth depth = Depth::kSixteen)
      : tap(std::make_shared<RecorderTap>(4, kTick, depth)), desk(kTick) {
    desk.desk.use_tap(*tap);
    const auto order = [this](int slot, uint32_t track) {
      if (takes_orders) desk.desk.record(slot, track);
      return takes_orders;
    };
    recorder = std::make_unique<Recorder>(tap, RecordingPlace{scratch.path(), depth}, order);
  }

  // Notices up to the first of this kind.
  RecorderNotice await(RecorderNotice::Kind kind) {
    for (;;) {
      RecorderNotice notice;
      while (recorder->next_notice(notice)) {
        told.push_back(notice);
        if (notice.kind == kind) return notice;
      }
      pollfd news{recorder->news_fd(), POLLIN, 0};
      REQUIRE_MESSAGE(poll(&news, 1, 20'000) == 1, "no news for 20 s");
      recorder->clear_news();
    }
  }
  RecordedSession last_session() {
    for (auto notice = told.rbegin(); notice != told.rend(); ++notice) {
      if (notice->kind == RecorderNotice::Kind::kSession) return notice->session;
    }
    FAIL("no session was told");
    return {};
  }
  Wav wav(size_t index) {
    const RecordedSession session = last_session();
    return read_wav(scratch.path() / session.folder / session.files.at(index).name);
  }

  ScratchFolder scratch;
  std::shared_ptr<RecorderTap> tap;
  DeskRig desk;
  bool takes_orders = true;
  std::unique_ptr<Recorder> recorder;
  std::vector<RecorderNotice> told;
};

}  // namespace

TEST_CASE("what raw clients send is what is written, sample by sample, before any fade") {
  for (const Depth depth : {Depth::kSixteen, Depth::kTwentyFour}) {
    RecorderRig rig(depth);
    rig.desk.join(0, raw_format(64, 2));
    rig.desk.join(1, raw_format(64, 1));
    Random random(5);
    const auto play = [&](int slot, int channels) {
      const Samples samples = random.samples(kTick * channels, 32767);
      rig.desk.play(slot, samples);
      return samples;
    };
    // The buffers hold two blocks back.
    for (int i = 0; i < 3; ++i) {
      play(0, 2);
      play(1, 1);
      rig.desk.tick();
    }
    rig.recorder->start();
    rig.recorder->include(0, "anna");
    rig.recorder->include(1, "musician");
    Samples sent;
    for (int i = 0; i < 200; ++i) {
      const Samples samples = play(0, 2);
      sent.insert(sent.end(), samples.begin(), samples.end());
      play(1, 1);
      rig.desk.tick();
    }
    rig.recorder->stop();
    rig.recorder->close();
    rig.await(RecorderNotice::Kind::kClosed);
    const RecordedSession session = rig.last_session();
    REQUIRE(session.files.size() == 2);
    CHECK(session.files[0].name == "anna-0-0-2.wav");
    CHECK(session.files[1].name == "musician-1-0-1.wav");
    const Wav wav = rig.wav(0);
    CHECK(wav.frames == 200 * kTick);
    CHECK(rig.wav(1).frames == 200 * kTick);
    const int scale = depth == Depth::kSixteen ? 1 : 256;
    // Where it begins in what was sent depends on the buffer alone: the same place for all that follows.
    const auto begin = std::find(wav.samples.begin(), wav.samples.end(), sent[0] * scale);
    REQUIRE(begin != wav.samples.end());
    const auto length = static_cast<size_t>(wav.samples.end() - begin);
    CHECK(length > 190 * kTick * 2);
    CHECK(std::equal(begin, wav.samples.end(), sent.begin(),
                     [=](int32_t written, int16_t played) { return written == played * scale; }));
  }
}

TEST_CASE("an order that the mixer did not take keeps no later file open") {
  RecorderRig rig;
  rig.desk.join(0, raw_format(64, 1));
  rig.desk.join(1, raw_format(64, 1));
  rig.recorder->start();
  rig.takes_orders = false;
  CHECK(!rig.recorder->include(0, "musician"));
  CHECK(!rig.recorder->exclude(0));
  rig.takes_orders = true;
  CHECK(rig.recorder->include(1, "musician"));
  for (int i = 0; i < 20; ++i) {
    rig.desk.play(1, Samples(kTick, 99));
    rig.desk.tick();
  }
  CHECK(rig.await(RecorderNotice::Kind::kWriting).writing);
  CHECK(rig.recorder->exclude(1));
  CHECK(!rig.await(RecorderNotice::Kind::kWriting).writing);
  CHECK(rig.last_session().files.size() == 1);
}

TEST_CASE("an impulse that two send at once lies at one place in both files, whenever each was included") {
  RecorderRig rig;
  rig.desk.join(0, raw_format(64, 2));
  rig.desk.join(1, raw_format(64, 1));
  rig.recorder->start();
  for (int i = 0; i < 500; ++i) {
    if (i == 20) rig.recorder->include(0, "musician");
    if (i == 133) rig.recorder->include(1, "musician");
    Samples left(kTick * 2), middle(kTick);
    if (i % 100 == 50) left[20] = left[21] = middle[10] = 12345;
    rig.desk.play(0, left);
    rig.desk.play(1, middle);
    rig.desk.tick();
  }
  rig.recorder->close();
  rig.await(RecorderNotice::Kind::kClosed);
  const RecordedSession session = rig.last_session();
  const auto impulses = [&](size_t index) {
    const Wav wav = rig.wav(index);
    std::vector<int64_t> places;
    for (int64_t frame = 0; frame < wav.frames; ++frame) {
      if (wav.samples[static_cast<size_t>(frame * wav.channels)] == 12345) {
        places.push_back(session.files[index].start + frame);
      }
    }
    return places;
  };
  const auto first = impulses(0);
  const auto second = impulses(1);
  REQUIRE(first.size() == 5);
  REQUIRE(second.size() == 4);
  for (size_t i = 0; i < 4; ++i) {
    CHECK(second[i] == first[i + 1]);
    if (i > 0) CHECK(second[i] - second[i - 1] == 100 * kTick);
  }
}

TEST_CASE("a slot's next owner is not recorded, nor whoever comes to an empty slot") {
  RecorderRig rig;
  rig.desk.join(0, raw_format(64, 1));
  rig.recorder->start();
  rig.recorder->include(0, "musician");
  for (int i = 0; i < 10; ++i) rig.desk.tick();
  rig.desk.desk.remove(0);  // the mixer hears of it before the recorder does
  rig.desk.join(0, raw_format(64, 1));
  for (int i = 0; i < 10; ++i) rig.desk.tick();
  rig.recorder->exclude(0);
  rig.recorder->include(2, "musician");  // nobody there
  rig.desk.join(2, raw_format(64, 1));
  for (int i = 0; i < 10; ++i) rig.desk.tick();
  rig.recorder->close();
  rig.await(RecorderNotice::Kind::kClosed);
  CHECK(rig.last_session().files.size() == 1);
  CHECK(rig.wav(0).frames == 10 * kTick);
}

TEST_CASE("the light is on exactly while somebody's frames are written") {
  RecorderRig rig;
  rig.desk.join(0, raw_format(64, 1));
  rig.recorder->start();
  rig.recorder->include(0, "musician");
  rig.desk.tick();
  CHECK(rig.await(RecorderNotice::Kind::kWriting).writing);
  rig.recorder->new_session();
  rig.desk.tick();
  rig.recorder->exclude(0);
  CHECK_FALSE(rig.await(RecorderNotice::Kind::kWriting).writing);
  CHECK(rig.scratch.entries().size() == 2);
  rig.desk.tick();
  // Somebody comes: again a session of its own, as long as the recorder has not been stopped.
  rig.recorder->include(0, "musician");
  rig.desk.tick();
  CHECK(rig.await(RecorderNotice::Kind::kWriting).writing);
  rig.recorder->stop();
  CHECK_FALSE(rig.await(RecorderNotice::Kind::kWriting).writing);
  CHECK(rig.scratch.entries().size() == 3);
  rig.recorder->include(0, "musician");
  rig.desk.tick();
  rig.recorder->close();
  rig.await(RecorderNotice::Kind::kClosed);
  CHECK(rig.scratch.entries().size() == 3);
}

TEST_CASE("kill -9 leaves files that can be played, with all but the last two seconds") {
  ScratchFolder scratch;
  auto* const pushed = static_cast<std::atomic<int64_t>*>(
      mmap(nullptr, sizeof(std::atomic<int64_t>), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  REQUIRE(pushed != MAP_FAILED);
  const pid_t child = fork();
  if (child == 0) {
    auto tap = std::make_shared<RecorderTap>(2, kTick, Depth::kSixteen);
    Recorder recorder(tap, {scratch.path()}, [&](int slot, uint32_t track) {
      tap->record(slot, track);
      return true;
    });
    recorder.start();
    recorder.include(0, "musician");
    recorder.include(1, "musician");
    const int64_t begun_ns = monotonic_ns();
    for (int64_t position = 0;; position += kTick) {  // until it is killed
      const int64_t due_ns = begun_ns + position * 1'000'000 / 48;
      while (monotonic_ns() < due_ns) usleep(1000);
      int16_t samples[kTick * 2];
      for (int i = 0; i < kTick * 2; ++i) samples[i] = static_cast<int16_t>((position + i / 2) % 30011 + 1);
      for (int slot = 0; slot < 2; ++slot) tap->take(slot, position, 2, kTick, samples);
      *pushed = position + kTick;
    }
  }
  while (*pushed < 3 * 48000) usleep(1000);
  kill(child, SIGKILL);
  REQUIRE(waitpid(child, nullptr, 0) == child);
  const auto folder = scratch.entries().at(0);
  for (const char* name : {"musician-0-0-2.wav", "musician-1-0-2.wav"}) {
    const Wav wav = read_wav(folder / name);
    INFO("missing: " << static_cast<double>(*pushed - wav.frames) / 48000 << " s");
    CHECK(wav.frames > *pushed - 2 * 48000);
    CHECK(wav.frames <= *pushed);
    bool same = true;
    for (int64_t frame = 0; frame < wav.frames; ++frame) {
      same = same && wav.samples[static_cast<size_t>(frame) * 2] == frame % 30011 + 1;
    }
    CHECK(same);
  }
  munmap(pushed, sizeof(*pushed));
}

#ifndef PLUGJAM_SANITIZED  // the sanitizers allocate and call the system themselves

TEST_CASE("the tap neither allocates nor locks nor calls the system, also where its ring is full") {
  ScratchFolder scratch;
  auto tap = std::make_shared<RecorderTap>(2, kTick, Depth::kTwentyFour);
  uint64_t dropped = 0;
  forget_misdeeds();
  const auto fill = [&] {
    watch_system_calls();
    RealtimeScope realtime;
    float samples[kTick * 2] = {};
    tap->record(0, 1);
    for (int64_t tick = 0; tick < 100'000; ++tick) tap->take(0, tick * kTick, 2, kTick, samples);
    tap->record(0, RecorderTap::kNoTrack);
    tap->forget(0);
    dropped = tap->dropped();
  };
  std::thread(fill).join();
  const Misdeeds found = misdeeds();
  CAPTURE(found.last_system_call);
  CHECK(found.sum() == 0);
  CHECK(dropped == 100'000 - tap->ring().cells());
}

#endif
