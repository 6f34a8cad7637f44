// See two_clocks.h.
#include "engine/two_clocks.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace plugjam::test {
namespace {

constexpr double kWay = 0.005;  // seconds, each way
constexpr double kPi = std::numbers::pi;
constexpr double kAmplitude = 0.9;

int64_t to_ns(double seconds) { return 1'000'000'000'000 + std::llround(seconds * 1e9); }

}  // namespace

TwoClocks::TwoClocks(Settings settings) : settings_(std::move(settings)), pipeline_(new Pipeline(*this)) {
  pipeline_->use_card(settings_.is_card);
  pipeline_->set_jitter(settings_.depth);
  pipeline_->join(settings_.format);
  window_.reset(settings_.server_depth);
}

void TwoClocks::run(double seconds) {
  end_ += seconds;
  const int block = settings_.format.block_frames;
  for (;;) {
    const double wake_at = card_stood_ + static_cast<double>(card_periods_ + 1) * settings_.period_frames /
                                             (kSampleRate * (1 + settings_.card_ppm * 1e-6));
    const double tick_at =
        static_cast<double>(server_blocks_ + 1) * block / (kSampleRate * (1 + settings_.server_ppm * 1e-6));
    now_ = std::min(wake_at, tick_at);
    if (now_ > end_) return;
    tick_at < wake_at ? server_tick() : wake();
  }
}

void TwoClocks::stall_card(double seconds) {
  card_stood_ += seconds;
  pipeline_->restart_card();
}

void TwoClocks::wake() {
  ++card_periods_;
  const int frames = settings_.period_frames;
  const double woken = now_ + settings_.wake_jitter(random_, now_);
  pipeline_->wake(frames, to_ns(woken));
  size_t arrived = 0;
  for (; arrived < to_box_.size() && to_box_[arrived].at <= woken; ++arrived) {
    pipeline_->receive(to_box_[arrived].packet, to_ns(to_box_[arrived].at));
  }
  to_box_.erase(to_box_.begin(), to_box_.begin() + static_cast<std::ptrdiff_t>(arrived));
  std::vector<float> stereo(static_cast<size_t>(frames) * 2);
  pipeline_->play(stereo.data(), frames);
  for (int i = 0; i < frames; ++i)
    played.push_back(stereo[static_cast<size_t>(2 * i)] / static_cast<float>(kAmplitude));
  for (int i = 0; i < frames; ++i) {
    const double frame = static_cast<double>(card_periods_) * frames + i;
    const auto sample =
        static_cast<float>(kAmplitude * std::sin(2 * kPi * std::fmod(frame * kCardHertz / kSampleRate, 1.0)));
    stereo[static_cast<size_t>(2 * i)] = stereo[static_cast<size_t>(2 * i + 1)] = sample;
    heard.push_back(sample / static_cast<float>(kAmplitude));
  }
  now_ = woken;
  pipeline_->capture(stereo.data(), frames, 2);
}

void TwoClocks::send(std::span<const uint8_t> packet) {
  const double at = now_ + kWay + settings_.jitter(random_, now_);
  last_to_server_ = std::max(last_to_server_, at);  // the network keeps their order
  to_server_.push_back({last_to_server_, {packet.begin(), packet.end()}});
}

void TwoClocks::server_tick() {
  ++server_blocks_;
  const int block = settings_.format.block_frames;
  // In
  size_t arrived = 0;
  for (; arrived < to_server_.size() && to_server_[arrived].at <= now_; ++arrived) {
    std::vector<uint8_t>& packet = to_server_[arrived].packet;
    const uint8_t number = packet.back();
    if (!window_begun_) window_.begin(static_cast<uint8_t>(number - (settings_.server_depth - 1) / 2));
    window_begun_ = true;
    const PutResult result = window_.put(number);
    server_late += result.late ? 1 : 0;
    server_drops += result.dropped;
    blocks_[number] = std::move(packet);
  }
  to_server_.erase(to_server_.begin(), to_server_.begin() + static_cast<std::ptrdiff_t>(arrived));
  if (window_begun_) {
    const std::vector<uint8_t>& bytes = blocks_[window_.next()];
    const bool held = window_.get();
    if (!held) ++server_underruns;
    for (int i = 0; i < block; ++i) {
      const auto at = static_cast<size_t>(4 * i);
      const auto sample = held ? static_cast<int16_t>(bytes[at] | bytes[at + 1] << 8) : int16_t{0};
      received.push_back(static_cast<float>(sample / 32768.0 / kAmplitude));
    }
  }
  // Out
  std::vector<uint8_t> packet;
  for (int i = 0; i < block; ++i) {
    const double frame = static_cast<double>(server_blocks_) * block + i;
    const double sample = kAmplitude * std::sin(2 * kPi * std::fmod(frame * kServerHertz / kSampleRate, 1.0));
    const auto whole = static_cast<int16_t>(std::lrint(sample * 32768));
    spoken.push_back(static_cast<float>(whole) / 32768.0f / static_cast<float>(kAmplitude));
    for (int channel = 0; channel < 2; ++channel) {
      packet.push_back(static_cast<uint8_t>(whole & 0xff));
      packet.push_back(static_cast<uint8_t>(whole >> 8));
    }
  }
  packet.push_back(server_number_++);
  if (now_ < silent_until_) return;
  last_to_box_ = std::max(last_to_box_, now_ + kWay + settings_.jitter(random_, now_));
  to_box_.push_back({last_to_box_, std::move(packet)});
}

Counters TwoClocks::counters() const {
  Counters counters;
  pipeline_->count(counters);
  return counters;
}

namespace {

// Solves a small symmetric system in place.
template <size_t N>
std::array<double, N> solve(std::array<std::array<double, N + 1>, N> rows) {
  for (size_t pivot = 0; pivot < N; ++pivot) {
    for (size_t row = 0; row < N; ++row) {
      if (row == pivot) continue;
      const double factor = rows[row][pivot] / rows[pivot][pivot];
      for (size_t column = pivot; column <= N; ++column) rows[row][column] -= factor * rows[pivot][column];
    }
  }
  std::array<double, N> solution;
  for (size_t row = 0; row < N; ++row) solution[row] = rows[row][N] / rows[row][row];
  return solution;
}

}  // namespace

double tone_noise_db(const std::vector<float>& samples, size_t from, size_t frames, double hertz) {
  // To first and second order a tone whose phase runs off evenly is a sum of these.
  constexpr size_t kWaves = 6;
  std::array<std::array<double, kWaves + 1>, kWaves> rows{};
  const auto waves = [&](size_t i) {
    const double angle = 2 * kPi * std::fmod(hertz / kSampleRate * static_cast<double>(i), 1.0);
    const double t = static_cast<double>(i) / static_cast<double>(frames) - 0.5;
    const double s = std::sin(angle), c = std::cos(angle);
    return std::array<double, kWaves>{s, c, t * s, t * c, t * t * s, t * t * c};
  };
  double all = 0;
  for (size_t i = 0; i < frames; ++i) {
    const auto wave = waves(i);
    const double sample = samples[from + i];
    all += sample * sample;
    for (size_t a = 0; a < kWaves; ++a) {
      for (size_t b = 0; b < kWaves; ++b) rows[a][b] += wave[a] * wave[b];
      rows[a][kWaves] += wave[a] * sample;
    }
  }
  const auto weights = solve<kWaves>(rows);
  double rest = 0;
  for (size_t i = 0; i < frames; ++i) {
    const auto wave = waves(i);
    double sample = samples[from + i];
    for (size_t a = 0; a < kWaves; ++a) sample -= weights[a] * wave[a];
    rest += sample * sample;
  }
  return 10 * std::log10(rest / all);
}

// Two samples of a tone tell the next.
double largest_break(const std::vector<float>& samples, size_t from, size_t to, double hertz) {
  const double twice = 2 * std::cos(2 * kPi * hertz / kSampleRate);
  double largest = 0;
  for (size_t i = from + 2; i < to; ++i) {
    largest = std::max(largest, std::fabs(samples[i] - twice * samples[i - 1] + samples[i - 2]));
  }
  return largest;
}

}  // namespace plugjam::test
