// The pipeline with scripted input: what goes in comes out, whole, and its figures say what happened.
#include "engine/pipeline.h"

#include <doctest/doctest.h>

#include <cmath>
#include <memory>
#include <vector>

#include "net/block_window.h"

using namespace plugjam;

namespace {

struct Recorder final : PacketSink {
  std::vector<std::vector<uint8_t>> packets;
  void send(std::span<const uint8_t> packet) override { packets.emplace_back(packet.begin(), packet.end()); }
};

struct Rig {
  Recorder sent;
  std::unique_ptr<Pipeline> pipeline = std::make_unique<Pipeline>(sent);
  int64_t frames = 0;

  Counters counters() const {
    Counters counters;
    pipeline->count(counters);
    return counters;
  }
  // By the kernel's clock, in the midst of a period.
  void receive(const std::vector<uint8_t>& packet) {
    pipeline->receive(packet, frames * 1'000'000'000 / kSampleRate + 500'000);
  }
  // A period of silence from the card; gives back what the card would play.
  std::vector<float> period(int period_frames, float input = 0.0f, int card_channels = 2) {
    frames += period_frames;
    pipeline->wake(period_frames, frames * 1'000'000'000 / kSampleRate);
    std::vector<float> buffer(static_cast<size_t>(period_frames) * 2);
    pipeline->play(buffer.data(), period_frames);
    const std::vector<float> in(static_cast<size_t>(period_frames) * 2, input);
    pipeline->capture(in.data(), period_frames, card_channels);
    return buffer;
  }
};

constexpr AudioFormat kRaw{64, 2, 256, 1, true};

std::vector<uint8_t> raw_packet(int16_t value, uint8_t sequence, int frames = 64) {
  std::vector<uint8_t> packet;
  for (int i = 0; i < frames * 2; ++i) {
    packet.push_back(static_cast<uint8_t>(value & 0xFF));
    packet.push_back(static_cast<uint8_t>(value >> 8));
  }
  packet.push_back(sequence);
  return packet;
}

int16_t first_sample(const std::vector<uint8_t>& packet) {
  return static_cast<int16_t>(packet[0] | packet[1] << 8);
}

}  // namespace

TEST_CASE("one packet leaves for each block, whatever the period, with running numbers") {
  for (const int period : {32, 48, 64, 128, 256, 441}) {
    Rig rig;
    rig.pipeline->join(kRaw);
    for (int i = 0; i < 100; ++i) rig.period(period, 0.5f);
    CHECK(rig.sent.packets.size() == static_cast<size_t>(100 * period / 64));
    uint8_t number = rig.sent.packets[0].back();
    for (const auto& packet : rig.sent.packets) {
      CHECK(packet.size() == 257);
      CHECK(packet.back() == number++);
      CHECK(first_sample(packet) == 16384);
    }
  }
}

TEST_CASE("nothing leaves before joining or after leaving") {
  Rig rig;
  rig.period(64, 0.5f);
  CHECK(rig.sent.packets.empty());
  rig.pipeline->join(kRaw);
  rig.period(64, 0.5f);
  CHECK(rig.sent.packets.size() == 1);
  rig.pipeline->leave();
  rig.period(64, 0.5f);
  CHECK(rig.sent.packets.size() == 1);
}

TEST_CASE("sound in full swing fades out after leaving, and then there is silence") {
  Rig rig;
  rig.pipeline->set_jitter(20);
  rig.pipeline->join(kRaw);
  uint8_t number = 0;
  for (int i = 0; i < 40; ++i) {
    rig.receive(raw_packet(16384, number++));
    rig.period(64);
  }
  rig.pipeline->leave();
  float last = 0.5f;
  for (int i = 0; i < 10; ++i) {
    for (const float sample : rig.period(64)) {
      CHECK(sample <= last);
      CHECK(sample > last - 0.01f);
      last = sample;
    }
  }
  CHECK(last == 0.0f);
}

TEST_CASE("what is made up to fade out after leaving is no trouble of the network") {
  Rig rig;
  rig.pipeline->set_jitter(2);
  rig.pipeline->join(kRaw);
  for (uint8_t number = 0; number < 40; ++number) {
    rig.receive(raw_packet(16384, number));
    rig.period(64);
  }
  const uint64_t before = rig.counters().concealed;
  rig.pipeline->leave();
  for (int i = 0; i < 10; ++i) rig.period(64);
  CHECK(rig.counters().concealed == before);
}

TEST_CASE("muted, the stream goes on with digital silence in it, from the very next block") {
  Rig rig;
  rig.pipeline->join(kRaw);
  rig.period(64, 0.5f);
  rig.pipeline->set_muted(true);
  rig.period(64, 0.5f);
  rig.pipeline->set_muted(false);
  rig.period(64, 0.5f);
  REQUIRE(rig.sent.packets.size() == 3);
  CHECK(first_sample(rig.sent.packets[0]) == 16384);
  for (size_t i = 0; i < 256; ++i) CHECK(rig.sent.packets[1][i] == 0);
  CHECK(first_sample(rig.sent.packets[2]) == 16384);
}

TEST_CASE("muted, an Opus stream carries nothing of what was played before") {
  // Two that played different things send the very same bytes once they are muted.
  const AudioFormat format{64, 2, 73, 1, false};
  Rig loud;
  Rig quiet;
  for (Rig* rig : {&loud, &quiet}) {
    rig->pipeline->join(format);
    for (int i = 0; i < 20; ++i) rig->period(64, rig == &loud ? 0.7f : 0.01f);
    rig->pipeline->set_muted(true);
    rig->sent.packets.clear();
    for (int i = 0; i < 20; ++i) rig->period(64, 0.7f);
  }
  CHECK(loud.sent.packets == quiet.sent.packets);
}

TEST_CASE("muted, what waits for its packet to fill is silenced, too, and no number is left out") {
  for (const int factor : {2, 4}) {
    AudioFormat format = kRaw;
    format.blocks_per_packet = factor;
    Rig rig;
    rig.pipeline->join(format);
    for (int i = 0; i < 2 * factor - 1; ++i) rig.period(64, 0.5f);
    rig.pipeline->set_muted(true);
    for (int i = 0; i < factor + 1; ++i) rig.period(64, 0.5f);
    REQUIRE(rig.sent.packets.size() == 3);
    CHECK(first_sample(rig.sent.packets[0]) == 16384);
    for (size_t packet = 1; packet < 3; ++packet) {
      for (size_t at = 0; at < rig.sent.packets[packet].size(); ++at) {
        const auto number = static_cast<uint8_t>(packet * static_cast<size_t>(factor) + at / 257);
        CHECK(rig.sent.packets[packet][at] == (at % 257 == 256 ? number : 0));
      }
    }
  }
}

TEST_CASE("a prompt is played and neither sent nor measured, in a session and out of one") {
  const PromptSet prompts(std::vector<int16_t>(6000, 8192), {6000});
  for (const AudioFormat& format : {kRaw, AudioFormat{64, 2, 73, 1, true}}) {
    Rig plain;
    Rig speaking;
    for (Rig* rig : {&plain, &speaking}) {
      rig->pipeline->use_prompts(&prompts);
      rig->pipeline->join(format);
      rig->pipeline->set_jitter(4);
    }
    for (int i = 0; i < 300; ++i) {
      if (i == 100) speaking.pipeline->play_prompt(0, 0);
      if (i == 200) speaking.pipeline->play_prompt(0, 0);
      for (Rig* rig : {&plain, &speaking}) {
        if (i == 190) rig->pipeline->leave();
        // Each hears itself.
        if (!rig->sent.packets.empty()) rig->receive(rig->sent.packets.back());
      }
      const float input = static_cast<float>(i % 7) / 10.0f;
      const bool heard = plain.period(64, input) != speaking.period(64, input);
      if (i < 100) CHECK(!heard);
      if ((i >= 100 && i < 194) || (i >= 200 && i < 294)) CHECK(heard);
    }
    CHECK(plain.sent.packets == speaking.sent.packets);
    CHECK(plain.sent.packets.size() == 190);
    CHECK(plain.counters().playback_levels == speaking.counters().playback_levels);
  }
}

TEST_CASE("channel modes mix as the protocol says") {
  const auto sent = [](int channels, ChannelMode mode, int card_channels) {
    Rig rig;
    rig.pipeline->set_channel_mode(mode);
    rig.pipeline->join({64, channels, 128 * channels, 1, false});
    std::vector<float> out(128);
    std::vector<float> in(128);
    for (size_t i = 0; i < 64; ++i) {
      in[2 * i] = 0.5f;
      in[2 * i + 1] = card_channels == 1 ? 0.5f : -0.25f;
    }
    rig.pipeline->play(out.data(), 64);
    rig.pipeline->capture(in.data(), 64, card_channels);
    return rig.sent.packets[0];
  };
  const auto second = [](const std::vector<uint8_t>& p) { return static_cast<int16_t>(p[2] | p[3] << 8); };
  CHECK(first_sample(sent(2, ChannelMode::kStereo, 2)) == 16384);
  CHECK(second(sent(2, ChannelMode::kStereo, 2)) == -8192);
  CHECK(first_sample(sent(1, ChannelMode::kMono, 2)) == 4096);
  CHECK(first_sample(sent(2, ChannelMode::kMonoInStereoOut, 2)) == 8192);
  CHECK(second(sent(2, ChannelMode::kMonoInStereoOut, 2)) == 8192);
  // A mono card is one input, not two of the same.
  CHECK(first_sample(sent(2, ChannelMode::kMonoInStereoOut, 1)) == 16384);
}

TEST_CASE("blocks come out in order, after a fade, and none is concealed while they keep coming") {
  Rig rig;
  rig.pipeline->set_jitter(4);
  rig.pipeline->join(kRaw);
  std::vector<float> heard;
  for (int i = 0; i < 300; ++i) {
    rig.receive(raw_packet(static_cast<int16_t>(1000 + i), static_cast<uint8_t>(200 + i)));
    const auto out = rig.period(64);
    heard.push_back(out[0]);
  }
  CHECK(rig.counters().concealed == 0);
  CHECK(rig.counters().lost == 0);
  CHECK(rig.counters().decoded == 299);  // one is held back by the window's middle
  for (size_t i = 1; i < heard.size(); ++i) CHECK(heard[i] >= heard[i - 1]);
  CHECK(heard[299] == doctest::Approx((1000 + 298) / 32768.0));
  CHECK(rig.pipeline->take_heard());
  CHECK(rig.pipeline->take_started());
  CHECK(!rig.pipeline->take_started());
}

TEST_CASE("lost, late and wrong-sized packets are told apart") {
  Rig rig;
  rig.pipeline->set_jitter(3);
  rig.pipeline->join(kRaw);
  for (int i = 0; i < 100; ++i) {
    if (i != 50) rig.receive(raw_packet(1000, static_cast<uint8_t>(i)));
    rig.period(64);
  }
  CHECK(rig.counters().concealed == 1);
  CHECK(rig.counters().lost == 1);
  CHECK(rig.counters().late == 0);

  // Four blocks late, one after the other: missed first, then seen as late.
  for (int i = 0; i < 4; ++i) rig.period(64);
  rig.receive(raw_packet(1000, 100));
  CHECK(rig.counters().late == 1);
  CHECK(rig.counters().concealed > 1);

  const std::vector<uint8_t> odd(100);
  rig.receive(odd);
  CHECK(rig.counters().wrong_size == 1);
}

TEST_CASE("a server that falls silent is noticed after a second, and heard when it is back") {
  Rig rig;
  rig.pipeline->join(kRaw);
  rig.receive(raw_packet(1000, 0));
  rig.period(64);
  CHECK(rig.pipeline->take_heard());
  for (int i = 0; i < 750; ++i) rig.period(64);
  CHECK(rig.pipeline->take_silent());
  const uint64_t concealed = rig.counters().concealed;
  for (int i = 0; i < 750; ++i) CHECK(rig.period(64)[0] == 0.0f);
  CHECK(!rig.pipeline->take_silent());
  CHECK(rig.counters().concealed == concealed);  // silence is not concealment
  rig.receive(raw_packet(1000, 77));
  CHECK(rig.pipeline->take_heard());
}

TEST_CASE("sequence bytes may be switched on in mid-stream, and the sound goes on") {
  Rig rig;
  AudioFormat format = kRaw;
  format.sequenced = false;
  rig.pipeline->join(format);
  rig.period(64, 0.5f);
  CHECK(rig.sent.packets.back().size() == 256);
  for (int i = 0; i < 20; ++i) {
    auto packet = raw_packet(2000, 0);
    packet.pop_back();
    rig.receive(packet);
    rig.period(64);
  }
  CHECK(rig.counters().decoded > 10);
  format.sequenced = true;
  rig.pipeline->set_format(format);
  rig.period(64, 0.5f);
  CHECK(rig.sent.packets.back().size() == 257);
  CHECK(first_sample(rig.sent.packets.back()) == 16384);
  for (int i = 0; i < 20; ++i) {
    rig.receive(raw_packet(2000, static_cast<uint8_t>(i)));
    rig.period(64);
  }
  CHECK(rig.counters().decoded > 30);
  CHECK(rig.counters().concealed == 0);
}

TEST_CASE("the server's jitter buffer begins with the least delay, wherever its count was") {
  for (const int depth : {1, 2, 6, 11, 20}) {
    for (int wanted = 0; wanted < 256; ++wanted) {
      Rig rig;
      AudioFormat format = kRaw;
      format.sequenced = false;
      rig.pipeline->join(format);
      for (int i = 0; i < 10; ++i) rig.period(64);
      format.sequenced = true;
      rig.pipeline->set_format(format);
      SequencedWindow server;
      server.reset(depth);
      server.begin(static_cast<uint8_t>(wanted));
      int lost = 0;
      for (int i = 0; i < 100; ++i) {
        rig.period(64);
        server.put(rig.sent.packets.back().back());
        if (!server.get()) ++lost;
        if (i == 20) lost = 0;
        if (i > 10) rig.receive(raw_packet(0, static_cast<uint8_t>(i)));
      }
      CAPTURE(depth);
      CAPTURE(wanted);
      // Each block is taken out in the very tick in which it came.
      REQUIRE(server.held() == 0);
      REQUIRE(lost == 0);
    }
  }
}

TEST_CASE("input gain is applied before meter and network") {
  Rig rig;
  rig.pipeline->join(kRaw);
  rig.pipeline->set_input_gain(0.5f);
  for (int i = 0; i < 10; ++i) rig.period(64, 0.5f);
  CHECK(first_sample(rig.sent.packets.back()) == 8192);
  for (int i = 0; i < 3000; ++i) rig.period(64, 0.5f);
  CHECK(rig.counters().capture_levels[0] == doctest::Approx(0.25));
}
