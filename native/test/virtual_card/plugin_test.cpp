// The card as an application sees it through snd_pcm: pointers, wake-ups, xruns and faults.
#include <poll.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <thread>

#include "test_card.h"

using namespace plugjam::virtual_card;

namespace {

constexpr int kGenerousMs = 5000;
constexpr size_t kCapture = offsetof(ControlLayout, capture);
constexpr size_t kPlayback = offsetof(ControlLayout, playback);
constexpr size_t kEpoch = offsetof(ControlSide, epoch_ns);
constexpr size_t kStoppedAt = offsetof(ControlSide, stopped_at_ns);
constexpr size_t kFaults = offsetof(ControlSide, faults);
constexpr size_t kVanishCount = offsetof(ControlSide, vanish_count);

void pass_frames(uint64_t frames) {
  const uint64_t until = monotonic_ns() + frames * 1'000'000'000 / 48000;
  while (monotonic_ns() < until) std::this_thread::yield();
}

}  // namespace

TEST_CASE("virtual card: captured frames are the card's own, from its start frame on") {
  TestCard card;
  TestPcm pcm(card, SND_PCM_STREAM_CAPTURE, SND_PCM_ACCESS_RW_INTERLEAVED, 480, 16);
  REQUIRE(snd_pcm_start(pcm) == 0);
  std::vector<float> heard;
  while (heard.size() < 2 * 4800) {
    REQUIRE(pcm.poll_events(kGenerousMs) == POLLIN);
    float period[480 * 2];
    REQUIRE(snd_pcm_readi(pcm, period, 480) == 480);
    heard.insert(heard.end(), period, period + 480 * 2);
  }
  const uint64_t start = card.read_control().capture.start_frame;
  for (size_t i = 0; i < heard.size() / 2; ++i) REQUIRE((heard[2 * i] != 0) == ((start + i) % 100 == 0));
}

TEST_CASE("virtual card: the pointer follows the clock, not the period") {
  TestCard card;
  TestPcm pcm(card, SND_PCM_STREAM_CAPTURE, SND_PCM_ACCESS_RW_INTERLEAVED, 1024, 16);
  REQUIRE(snd_pcm_start(pcm) == 0);
  pass_frames(100);
  const snd_pcm_sframes_t first = snd_pcm_avail_update(pcm);
  CHECK(first >= 100);
  pass_frames(50);
  const snd_pcm_sframes_t second = snd_pcm_avail_update(pcm);
  CHECK(second >= first + 50);
  snd_pcm_sframes_t delay;
  REQUIRE(snd_pcm_delay(pcm, &delay) == 0);
  CHECK(delay >= second);
}

TEST_CASE("virtual card: poll wakes when avail_min has come, and not before") {
  TestCard card;
  TestPcm pcm(card, SND_PCM_STREAM_CAPTURE, SND_PCM_ACCESS_RW_INTERLEAVED, 1024, 16);
  REQUIRE(snd_pcm_start(pcm) == 0);
  for (int i = 0; i < 5; ++i) {
    pollfd descriptor;
    REQUIRE(snd_pcm_poll_descriptors(pcm, &descriptor, 1) == 1);
    REQUIRE(poll(&descriptor, 1, kGenerousMs) == 1);
    CHECK(snd_pcm_avail_update(pcm) >= 1024);
    float period[1024 * 2];
    REQUIRE(snd_pcm_readi(pcm, period, 1024) == 1024);
  }
}

TEST_CASE("virtual card: mmap capture and playback see the same frames as read and write") {
  TestCard card;
  TestPcm capture(card, SND_PCM_STREAM_CAPTURE, SND_PCM_ACCESS_MMAP_INTERLEAVED, 1024, 16);
  TestPcm playback(card, SND_PCM_STREAM_PLAYBACK, SND_PCM_ACCESS_MMAP_INTERLEAVED, 1024, 16);
  // Copies what capture heard into what playback plays, 1024 frames at a time.
  auto copy_period = [&](bool silence) {
    for (snd_pcm_uframes_t left = 1024; left > 0;) {
      const snd_pcm_channel_area_t *in = nullptr, *out = nullptr;
      snd_pcm_uframes_t in_offset = 0, out_offset = 0, frames = left;
      if (!silence) REQUIRE(snd_pcm_mmap_begin(capture, &in, &in_offset, &frames) == 0);
      REQUIRE(snd_pcm_mmap_begin(playback, &out, &out_offset, &frames) == 0);
      if (silence) {
        REQUIRE(snd_pcm_areas_silence(out, out_offset, 2, frames, SND_PCM_FORMAT_FLOAT_LE) == 0);
      } else {
        REQUIRE(snd_pcm_areas_copy(out, out_offset, in, in_offset, 2, frames, SND_PCM_FORMAT_FLOAT_LE) == 0);
        REQUIRE(snd_pcm_mmap_commit(capture, in_offset, frames) == static_cast<snd_pcm_sframes_t>(frames));
      }
      REQUIRE(snd_pcm_mmap_commit(playback, out_offset, frames) == static_cast<snd_pcm_sframes_t>(frames));
      left -= frames;
    }
  };
  for (int i = 0; i < 16; ++i) {
    REQUIRE(snd_pcm_avail_update(playback) >= 1024);
    copy_period(true);
  }
  REQUIRE(snd_pcm_start(playback) == 0);
  REQUIRE(snd_pcm_start(capture) == 0);
  for (int i = 0; i < 20; ++i) {
    REQUIRE(capture.poll_events(kGenerousMs) == POLLIN);
    REQUIRE(playback.poll_events(kGenerousMs) == POLLOUT);
    REQUIRE(snd_pcm_avail_update(capture) >= 1024);
    REQUIRE(snd_pcm_avail_update(playback) >= 1024);
    copy_period(false);
  }
  REQUIRE(snd_pcm_drain(playback) == -EAGAIN);  // non-blocking: the application polls
  while (snd_pcm_state(playback) == SND_PCM_STATE_DRAINING) {
    REQUIRE(playback.poll_events(kGenerousMs) == POLLOUT);
    snd_pcm_avail_update(playback);
  }
  const ControlLayout control = card.read_control();
  const std::vector<float> played = card.played();
  const uint64_t first = control.playback.start_frame, copied = first + 16 * 1024, end = copied + 20 * 1024;
  for (uint64_t frame = 0; frame < TestCard::kSinkFrames; ++frame) {
    const float sample = played[2 * frame];
    const bool was_played = sample != 0 || std::signbit(sample);
    REQUIRE(was_played == (frame >= first && frame < end));
    if (frame < copied || frame >= end) continue;
    REQUIRE((sample != 0) == ((frame - copied + control.capture.start_frame) % 100 == 0));
  }
}

TEST_CASE("virtual card: what was queued but never heard does not stay in the playback file") {
  TestCard card;
  TestPcm pcm(card, SND_PCM_STREAM_PLAYBACK, SND_PCM_ACCESS_RW_INTERLEAVED, 1024, 16);
  const std::vector<float> loud(2 * 16 * 1024, 0.5f);
  REQUIRE(snd_pcm_writei(pcm, loud.data(), 16 * 1024) == 16 * 1024);
  REQUIRE(snd_pcm_start(pcm) == 0);
  pass_frames(480);
  REQUIRE(snd_pcm_drop(pcm) == 0);
  const std::vector<float> played = card.played();
  const auto count = std::count(played.begin(), played.end(), 0.5f) / 2;
  CHECK(count >= 480);
  CHECK(count < 16 * 1024);
}

TEST_CASE("virtual card: a reader that stops overruns, and prepare mends it") {
  TestCard card;
  TestPcm pcm(card, SND_PCM_STREAM_CAPTURE, SND_PCM_ACCESS_RW_INTERLEAVED, 64, 2);
  REQUIRE(snd_pcm_start(pcm) == 0);
  pass_frames(128);
  CHECK(snd_pcm_avail_update(pcm) == -EPIPE);
  CHECK(snd_pcm_state(pcm) == SND_PCM_STATE_XRUN);
  float period[64 * 2];
  CHECK(snd_pcm_readi(pcm, period, 64) == -EPIPE);
  CHECK((pcm.poll_events(kGenerousMs) & POLLERR) != 0);
  CHECK(card.read_control().capture.xruns == 1);
  REQUIRE(snd_pcm_prepare(pcm) == 0);
  REQUIRE(snd_pcm_start(pcm) == 0);
  CHECK(snd_pcm_state(pcm) == SND_PCM_STATE_RUNNING);
  CHECK(card.read_control().capture.starts == 2);
}

TEST_CASE("virtual card: a writer that stops underruns, with and without a poll") {
  TestCard card;
  TestPcm pcm(card, SND_PCM_STREAM_PLAYBACK, SND_PCM_ACCESS_RW_INTERLEAVED, 64, 2);
  const float period[64 * 2] = {};
  CHECK(pcm.poll_events(kGenerousMs) == POLLOUT);  // an empty buffer has room before the start
  REQUIRE(snd_pcm_writei(pcm, period, 64) == 64);
  REQUIRE(snd_pcm_writei(pcm, period, 64) == 64);
  CHECK(pcm.poll_events(0) == 0);  // a full one has not
  REQUIRE(snd_pcm_start(pcm) == 0);
  pass_frames(128);
  CHECK((pcm.poll_events(kGenerousMs) & POLLERR) != 0);
  CHECK(snd_pcm_writei(pcm, period, 64) == -EPIPE);
  CHECK(card.read_control().playback.xruns == 1);
  REQUIRE(snd_pcm_prepare(pcm) == 0);
  CHECK(snd_pcm_writei(pcm, period, 64) == 64);
}

TEST_CASE("virtual card: a stopped clock stands still and wakes nobody; then it goes on where it was") {
  TestCard card;
  TestPcm pcm(card, SND_PCM_STREAM_CAPTURE, SND_PCM_ACCESS_RW_INTERLEAVED, 1024, 16);
  const uint64_t stopped_at = monotonic_ns();
  card.write_control(kCapture + kStoppedAt, stopped_at);
  REQUIRE(snd_pcm_start(pcm) == 0);
  CHECK(pcm.poll_events(100) == 0);  // nearly five periods
  CHECK(snd_pcm_avail_update(pcm) == 0);

  // Asleep with nothing to wait for, the write alone must wake it.
  std::thread controller([&] {
    pass_frames(4800);
    const uint64_t held_ns = monotonic_ns() - stopped_at;
    card.write_control(kCapture + kEpoch, card.read_control().capture.epoch_ns + held_ns);
    card.write_control(kCapture + kStoppedAt, uint64_t{0});
  });
  CHECK(pcm.poll_events(kGenerousMs) == POLLIN);
  controller.join();
  CHECK(snd_pcm_avail_update(pcm) >= 1024);
  CHECK(card.read_control().capture.xruns == 0);
}

TEST_CASE(
    "virtual card: pulled out, every call says ENODEV, a sleeper wakes, and only a new handle lives again") {
  for (const auto direction : {SND_PCM_STREAM_CAPTURE, SND_PCM_STREAM_PLAYBACK}) {
    TestCard card;
    const size_t side = direction == SND_PCM_STREAM_CAPTURE ? kCapture : kPlayback;
    TestPcm pcm(card, direction, SND_PCM_ACCESS_RW_INTERLEAVED, 1024, 16);
    float period[1024 * 2] = {};
    if (side == kPlayback) {
      for (int i = 0; i < 16; ++i) REQUIRE(snd_pcm_writei(pcm, period, 1024) == 1024);
    }
    REQUIRE(snd_pcm_start(pcm) == 0);
    card.write_control(side + kStoppedAt, monotonic_ns());  // so that only the pull can wake it
    std::thread controller([&] {
      pass_frames(480);
      card.write_control(side + kVanishCount, uint32_t{1});
      card.write_control(side + kFaults, uint32_t{kFaultVanished});
    });
    CHECK((pcm.poll_events(kGenerousMs) & POLLERR) != 0);
    controller.join();
    CHECK(snd_pcm_state(pcm) == SND_PCM_STATE_DISCONNECTED);
    CHECK((side == kCapture ? snd_pcm_readi(pcm, period, 64) : snd_pcm_writei(pcm, period, 64)) == -ENODEV);
    const snd_pcm_channel_area_t* areas;
    snd_pcm_uframes_t offset, frames = 64;
    CHECK(snd_pcm_mmap_begin(pcm, &areas, &offset, &frames) == -ENODEV);
    CHECK(snd_pcm_wait(pcm, kGenerousMs) == -ENODEV);
    CHECK(snd_pcm_prepare(pcm) == -ENODEV);
    snd_pcm_t* other;
    CHECK(card.open_pcm(&other, direction) == -ENODEV);

    card.write_control(side + kFaults, uint32_t{0});
    card.write_control(side + kStoppedAt, uint64_t{0});
    CHECK(snd_pcm_prepare(pcm) == -ENODEV);
    TestPcm reborn(card, direction, SND_PCM_ACCESS_RW_INTERLEAVED, 64, 2);
    CHECK(snd_pcm_start(reborn) == 0);
  }
}

TEST_CASE("virtual card: busy is for the open only, and for one side only") {
  TestCard card;
  card.write_control(kPlayback + kFaults, uint32_t{kFaultBusy});
  snd_pcm_t* pcm;
  CHECK(card.open_pcm(&pcm, SND_PCM_STREAM_PLAYBACK) == -EBUSY);
  REQUIRE(card.open_pcm(&pcm, SND_PCM_STREAM_CAPTURE) == 0);
  snd_pcm_close(pcm);
}

TEST_CASE("virtual card: suspended until resumed, and not a frame lost on the way") {
  TestCard card;
  TestPcm pcm(card, SND_PCM_STREAM_CAPTURE, SND_PCM_ACCESS_RW_INTERLEAVED, 1024, 16);
  REQUIRE(snd_pcm_start(pcm) == 0);
  card.write_control(kCapture + kFaults, uint32_t{kFaultSuspended});
  float period[64 * 2];
  CHECK((pcm.poll_events(kGenerousMs) & POLLERR) != 0);
  CHECK(snd_pcm_state(pcm) == SND_PCM_STATE_SUSPENDED);
  CHECK(snd_pcm_readi(pcm, period, 64) == -ESTRPIPE);
  CHECK(snd_pcm_prepare(pcm) == -ESTRPIPE);
  snd_pcm_resume(pcm);  // ALSA does not pass its result on
  CHECK(snd_pcm_state(pcm) == SND_PCM_STATE_SUSPENDED);
  card.write_control(kCapture + kFaults, uint32_t{0});
  pass_frames(20000);
  CHECK(snd_pcm_resume(pcm) == 0);
  CHECK(snd_pcm_state(pcm) == SND_PCM_STATE_RUNNING);
  CHECK(snd_pcm_avail_update(pcm) >= 0);
}
