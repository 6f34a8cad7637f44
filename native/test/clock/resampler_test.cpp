// The resampler, measured: flat, clean, exact where it has nothing to do, and never a jump.
#include "clock/resampler.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <vector>

#include "codec/audio_format.h"

using namespace plugjam;

namespace {

using Signal = std::function<double(double frame)>;

struct Output {
  std::vector<double> samples;  // the left channel
  std::vector<double> places;   // in the input, in frames
};

// Reads periods of 64; the right channel is the left one upside down.
Output resample(const Signal& signal, int frames, const std::function<double(int)>& step_of, int begin = 0) {
  Resampler resampler(1024);
  Output output;
  int written = 0;
  std::vector<float> out(128);
  while (static_cast<int>(output.samples.size()) < frames) {
    const double step = step_of(static_cast<int>(output.samples.size()));
    while (resampler.held() < resampler.needed(64, step)) {
      const auto sample = static_cast<float>(signal(written + begin));
      const float frame[2] = {sample, -sample};
      REQUIRE(resampler.write(frame, 1));
      ++written;
    }
    const double from = written - resampler.ahead();
    resampler.read(out.data(), 64, step);
    for (size_t i = 0; i < 64; ++i) {
      output.samples.push_back(out[2 * i]);
      output.places.push_back(from + static_cast<double>(i) * step + begin);
      REQUIRE(out[2 * i + 1] == -out[2 * i]);
    }
  }
  return output;
}

Signal sine(double hertz, double level = 1.0) {
  return [=](double frame) { return level * std::sin(2 * std::numbers::pi * hertz / kSampleRate * frame); };
}

// What it should have been, by level and phase, taken out.
struct Fit {
  double gain_db;
  double noise_db;  // below the signal
  double delay;     // frames
};

Fit fit(const Output& output, double hertz, size_t skip = 64) {
  const double w = 2 * std::numbers::pi * hertz / kSampleRate;
  double ss = 0, sc = 0, cc = 0, ys = 0, yc = 0;
  for (size_t i = skip; i < output.samples.size(); ++i) {
    const double s = std::sin(w * output.places[i]), c = std::cos(w * output.places[i]);
    ss += s * s, sc += s * c, cc += c * c;
    ys += output.samples[i] * s, yc += output.samples[i] * c;
  }
  const double d = ss * cc - sc * sc;
  const double a = (ys * cc - yc * sc) / d, b = (yc * ss - ys * sc) / d;
  double rest = 0, all = 0;
  for (size_t i = skip; i < output.samples.size(); ++i) {
    const double wanted = a * std::sin(w * output.places[i]) + b * std::cos(w * output.places[i]);
    rest += (output.samples[i] - wanted) * (output.samples[i] - wanted);
    all += wanted * wanted;
  }
  return {20 * std::log10(std::hypot(a, b)), 10 * std::log10(rest / all), -std::atan2(b, a) / w};
}

}  // namespace

TEST_CASE("at a rate of 1 a resampler is a queue, to the bit and without delay") {
  Resampler resampler(256);
  for (int round = 0; round < 50; ++round) {
    float in[2 * 48];
    for (int i = 0; i < 96; ++i) in[i] = static_cast<float>(round * 96 + i) / 3.0f;
    REQUIRE(resampler.write(in, 48));
    CHECK(resampler.needed(48, 1.0) == 48);
    float out[2 * 48];
    resampler.read(out, 48, 1.0);
    CHECK(std::equal(in, in + 96, out));
    CHECK(resampler.held() == 0);
  }
  CHECK(resampler.write(std::vector<float>(512).data(), 256));
  CHECK(!resampler.write(std::vector<float>(2).data(), 1));
}

TEST_CASE("a resampler is flat within 0.1 dB to 18 kHz and clean to -96 dB, at rates within 1000 ppm") {
  double most_off = 0, most_noise = -200, most_delay = 0;
  for (const double ppm : {-1000.0, -200.0, -1.0, 0.3, 50.0, 1000.0}) {
    for (const double hertz :
         {20.0, 100.0, 997.0, 5000.0, 9000.0, 12000.0, 15000.0, 16500.0, 17500.0, 18000.0}) {
      // Half a frame off to begin with, so that the slow rates see the worst places, too.
      const Output output =
          resample(sine(hertz), 48000, [&](int at) { return at < 64 ? 1.0 + 0.5 / 64 : 1 + ppm * 1e-6; });
      const Fit found = fit(output, hertz, 128);
      CAPTURE(ppm);
      CAPTURE(hertz);
      CHECK(std::fabs(found.gain_db) < 0.1);
      CHECK(found.noise_db < -96);
      most_off = std::max(most_off, std::fabs(found.gain_db));
      most_noise = std::max(most_noise, found.noise_db);
      most_delay = std::max(most_delay, std::fabs(found.delay));
    }
  }
  MESSAGE("worst: " << most_off << " dB off, noise " << most_noise << " dB, " << most_delay
                    << " frames off place");
  CHECK(most_delay < 0.001);
}

TEST_CASE("sound comes out at its place: 16 frames must be there in advance, and no frame more") {
  Resampler resampler(256);
  CHECK(resampler.needed(1, 1.0001) == 1 + Resampler::kLookahead);
  CHECK(resampler.needed(64, 1.0001) == 64 + Resampler::kLookahead);
  // An impulse is found in the place where it was, whatever the fraction.
  const Output output =
      resample([](double frame) { return frame == 400 ? 1.0 : 0.0; }, 1024, [](int) { return 1.0007; });
  const auto peak = std::max_element(output.samples.begin(), output.samples.end()) - output.samples.begin();
  CHECK(std::fabs(output.places[static_cast<size_t>(peak)] - 400) < 0.51);
}

TEST_CASE("a rate that wanders, starts and stops leaves a tone as it is") {
  // From a plain queue to 1000 ppm and back onto a frame, over and over.
  const auto step_of = [](int at) {
    const int phase = at % 24000;
    if (phase < 6400) return 1.0;
    if (phase < 12800) return 1.001;
    if (phase < 19200) return 1.0 - 0.001 * std::sin(phase * 0.001);
    return 0.9995;
  };
  for (const double hertz : {440.0, 9000.0, 18000.0}) {
    const Fit found = fit(resample(sine(hertz, 0.5), 96000, step_of), hertz, 128);
    CHECK(found.noise_db < -96);
    CHECK(std::fabs(found.gain_db + 6.0206) < 0.1);
  }
}

TEST_CASE("a place within a billionth of a frame is on the frame") {
  Resampler resampler(256);
  const std::vector<float> in(400, 0.25f);
  REQUIRE(resampler.write(in.data(), 200));
  float out[128];
  resampler.read(out, 64, 1.0 + 0.25 / 64);
  CHECK(!resampler.on_frame());
  resampler.read(out, 64, 1.0 - 0.25 / 64);
  CHECK(resampler.on_frame());
  CHECK(resampler.held() == 200 - 128);
  for (const float sample : out) CHECK(sample == doctest::Approx(0.25f).epsilon(1e-6));
}
