// The realtime thread: one period of sound at a time, paced by the card or, without one, by a timer.
#include "engine/audio_thread.h"

#include <algorithm>

#include "engine/farewell.h"
#include "net/datagram.h"
#include "rt/realtime_scope.h"
#include "rt/time.h"

namespace plugjam {
namespace {

// Xruns nearer to each other than this are one piece of news.
constexpr int64_t kStumbleNs = 100'000'000;

// Begun ones count.
int frames_of(int64_t ns) { return static_cast<int>(ns * kSampleRate / 1'000'000'000) + 1; }

}  // namespace

AudioThread::AudioThread(UdpSocket& socket, AudioThreadPorts& ports)
    : socket_(socket), ports_(ports), pipeline_(*this) {}

void AudioThread::run() {
  timer_.start();
  while (!ports_.stop.load(std::memory_order_relaxed)) {
    RealtimeScope realtime;
    period();
  }
  // A card that was on its way here must not be forgotten.
  for (Command command; ports_.commands.pop(command);) {
    if (std::holds_alternative<UseCard>(command)) obey(command);
  }
  use_card(nullptr);
}

void AudioThread::period() {
  Pcm* const waited_on = pcm_;
  const PcmWait outcome = pcm_->wait();
  ports_.turns.fetch_add(1, std::memory_order_relaxed);
  const int64_t woken_ns = monotonic_ns();
  // Between the wait and the datagrams: whoever is asked once admitted may have answered during this wait.
  Command command;
  while (ports_.commands.pop(command)) obey(command);
  if (pcm_ != waited_on) return;

  switch (outcome) {
    case PcmWait::kReady:
      break;
    case PcmWait::kXrun:
      stumble();
      return;
    case PcmWait::kNothing:
      return;
    case PcmWait::kGone:
      lose_card();
      return;
  }

  ports_.timing.woke(pcm_->period_frames(), woken_ns);
  pipeline_.wake(pcm_->period_frames(), woken_ns);
  receive();
  if (pipeline_.heard()) {
    guard_.pass(pcm_->period_frames());
    mute();
  }
  if (!play()) return lose_card();
  if (!pcm_->read(frames_.data())) return lose_card();
  pipeline_.capture(frames_.data(), pcm_->period_frames(), pcm_->capture_channels());

  if (pipeline_.take_heard()) tell(Notice::Kind::kPeerHeard);
  if (pipeline_.take_silent()) tell(Notice::Kind::kPeerSilent);
  if (pipeline_.take_started()) tell(Notice::Kind::kAudioStarted);
  ++counters_.periods;
  pipeline_.count(counters_);
  counters_.headroom_frames = static_cast<uint32_t>(fill_.headroom_frames());
  ports_.counters.store(counters_);
  if (news_) ports_.wakeup.ring();
  news_ = false;
  ports_.timing.done(pcm_->period_frames(), monotonic_ns());
}

bool AudioThread::play() {
  const int frames = fill_.next(pcm_->period_frames(), pipeline_.spacing_frames());
  pipeline_.play(frames_.data(), frames);
  // A card may tell its place in steps: what the clock says counts, too.
  const int64_t work_ns = monotonic_ns() - ports_.timing.woken_ns();
  const int64_t late_ns = ports_.timing.late_ns();
  const int by_card = pcm_->left_frames() - frames_of(work_ns);
  const int by_clock = fill_.headroom_frames() - frames_of(late_ns + work_ns);
  fill_.wrote(std::min(by_card, by_clock));
  return pcm_->write(frames_.data(), frames);
}

void AudioThread::obey(const Command& command) {
  if (const auto* admit = std::get_if<Admit>(&command)) {
    if (!admitted(admit->peer) && peer_count_ < kMostPeers) peers_[peer_count_++] = admit->peer;
  } else if (const auto* dismiss = std::get_if<Dismiss>(&command)) {
    const auto end = peers_.begin() + peer_count_;
    peer_count_ = static_cast<int>(std::remove(peers_.begin(), end, dismiss->peer) - peers_.begin());
  } else if (const auto* join = std::get_if<Join>(&command)) {
    server_ = join->server;
    join_ = join->number;
    obey(Admit{join->server});
    guard_.reset();
    mute();
    pipeline_.join(join->format);
  } else if (const auto* format = std::get_if<SetFormat>(&command)) {
    pipeline_.set_format(format->format);
  } else if (std::holds_alternative<Leave>(command)) {
    pipeline_.leave();
  } else if (const auto* gain = std::get_if<SetInputGain>(&command)) {
    pipeline_.set_input_gain(gain->gain);
  } else if (const auto* muted = std::get_if<SetMuted>(&command)) {
    muted_ = muted->muted;
    mute();
  } else if (const auto* guard = std::get_if<SetRecordingGuard>(&command)) {
    guard_.arm(guard->armed);
    mute();
  } else if (const auto* mode = std::get_if<SetChannelMode>(&command)) {
    pipeline_.set_channel_mode(mode->mode);
  } else if (const auto* jitter = std::get_if<SetJitter>(&command)) {
    pipeline_.set_jitter(jitter->blocks);
  } else if (const auto* set = std::get_if<UsePrompts>(&command)) {
    pipeline_.use_prompts(set->prompts);
  } else if (const auto* prompt = std::get_if<PlayPrompt>(&command)) {
    pipeline_.play_prompt(prompt->index, prompt->topic);
  } else if (const auto* use = std::get_if<UseCard>(&command)) {
    use_card(use->card);
  }
}

// The musician's order, or the guard's.
void AudioThread::mute() { pipeline_.set_muted(muted_ || guard_.shut()); }

void AudioThread::use_card(Pcm* card) {
  if (pcm_ != &timer_) {
    pcm_->stop();
    ports_.returned.store(pcm_, std::memory_order_release);
  }
  pcm_ = card != nullptr ? card : &timer_;
  pipeline_.use_card(card != nullptr);
  fill_.use_card(pcm_->headroom_frames());
  ports_.timing.restart();
  ports_.holds_card.store(card != nullptr, std::memory_order_release);
  if (!pcm_->start()) lose_card();
}

// The card ran over or dry. Where it does so all the time, not every time is news.
void AudioThread::stumble() {
  ++counters_.xruns;
  pipeline_.restart_card();
  fill_.stumbled();
  ports_.timing.restart();
  const int64_t now_ns = monotonic_ns();
  if (now_ns - stumbled_ns_ < kStumbleNs) return;
  stumbled_ns_ = now_ns;
  tell(Notice::Kind::kXrun);
  ports_.wakeup.ring();
}

void AudioThread::lose_card() {
  tell(Notice::Kind::kCardLost, pcm_->failure());
  use_card(nullptr);
  ports_.wakeup.ring();
}

void AudioThread::receive() {
  Received received;
  for (int i = 0; i < kMostDatagrams && socket_.receive(datagram_, received); ++i) {
    const std::span<const uint8_t> bytes(datagram_.data(), received.bytes);
    if (!admitted(received.from)) {
      ++counters_.strangers;
    } else if (!received.cut && is_message(bytes)) {
      if (pipeline_.joined() && received.from == server_) {
        guard_.hear(bytes);
        mute();
      }
      if (ports_.messages.push({received.from, received.at_ns}, bytes)) {
        news_ = true;
      } else {
        ++counters_.messages_dropped;
      }
    } else if (pipeline_.joined() && received.from == server_) {
      ++counters_.packets_received;
      pipeline_.receive(bytes, received.at_ns);
    } else {
      ++counters_.strangers;
    }
  }
}

bool AudioThread::admitted(const Endpoint& peer) const {
  const auto end = peers_.begin() + peer_count_;
  return std::find(peers_.begin(), end, peer) != end;
}

void AudioThread::tell(Notice::Kind kind, PcmFailure failure) {
  news_ = true;
  if (!ports_.notices.push({kind, join_, monotonic_ns(), failure})) ++counters_.notices_dropped;
}

void AudioThread::send(std::span<const uint8_t> packet) {
  if (Farewell::sent()) return;
  if (socket_.send(server_, packet) == 0) {
    ++counters_.packets_sent;
  } else {
    ++counters_.send_failures;
  }
}

}  // namespace plugjam
