// Audio captured from real programs, decoded, against what the reference decoder heard (audio-expect.json).
#include <doctest/doctest.h>

#include "codec/block_decoder.h"
#include "codec/samples.h"
#include "net/audio_packet.h"
#include "support/tone.h"
#include "support/vectors.h"

using namespace plugjam;
using namespace plugjam::test;

namespace {

struct Part {
  std::vector<float> samples;
  std::vector<float> direct;  // of raw audio: the bytes read as int16
  int datagrams = 0;
};

// Decodes with a fresh decoder what has the file's format, with sequence bytes or without; skips the rest.
Part decode_part(const std::vector<Json>& lines, const std::string& direction, const std::string& part,
                 const AudioFormat& plain) {
  AudioFormat sequenced = plain;
  sequenced.sequenced = true;
  BlockDecoder decoder;
  REQUIRE(decoder.ok());
  decoder.configure(plain);
  Part result;
  std::vector<float> block(static_cast<size_t>(plain.block_frames * plain.channels));
  for (const Json& line : lines) {
    if (line["dir"].text != direction || line["part"].text != part) continue;
    const Bytes datagram = from_hex(line["hex"].text);
    AudioPacket packet;
    if (!AudioPacket::split(datagram, plain, packet) && !AudioPacket::split(datagram, sequenced, packet))
      continue;
    ++result.datagrams;
    for (int i = 0; i < packet.block_count(); ++i) {
      REQUIRE(decoder.decode(packet.block(i), block.data()));
      result.samples.insert(result.samples.end(), block.begin(), block.end());
      for (int byte = 0; plain.raw() && byte < plain.block_bytes; byte += 2) {
        result.direct.push_back(from_int16(load_int16_le(packet.block(i) + byte)));
      }
    }
  }
  return result;
}

}  // namespace

TEST_CASE("every captured stream sounds as it should") {
  const Json expected = read_json(kAudioVectors + "audio-expect.json");
  int parts = 0;
  for (const auto& [file, expected_parts] : expected.members) {
    const AudioFormat format = format_of_file(file);
    const auto lines = read_json_lines(kAudioVectors + file);
    for (const auto& [name, expectation] : expected_parts.members) {
      CAPTURE(file);
      CAPTURE(name);
      ++parts;
      const Part part = decode_part(lines, name.substr(0, 3), name.substr(4), format);
      const int blocks = static_cast<int>(part.samples.size()) / (format.block_frames * format.channels);
      CHECK(blocks == expectation["frames"].number);
      if (format.raw()) CHECK(part.samples == part.direct);
      for (int channel = 0; channel < format.channels; ++channel) {
        const Json& levels = expectation["channels"][static_cast<size_t>(channel)];
        std::vector<double> samples = channel_of(part.samples, format.channels, channel);
        samples.erase(samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(samples.size() / 3));
        for (double& sample : samples) sample *= 32768;
        // Within 1 %, and one step of 16 bit for the silent parts.
        const auto close = [](double value, double wanted) {
          return std::fabs(value - wanted) <= 0.01 * wanted + 1;
        };
        CHECK_MESSAGE(close(rms(samples), levels["rms"].number), rms(samples), " rms ", levels["rms"].number);
        CHECK_MESSAGE(close(peak(samples), levels["peak"].number), peak(samples), " peak ",
                      levels["peak"].number);
        CHECK_MESSAGE(close(amplitude_at(samples, 440), levels["amp440"].number), amplitude_at(samples, 440),
                      " 440 ", levels["amp440"].number);
        CHECK_MESSAGE(close(amplitude_at(samples, 660), levels["amp660"].number), amplitude_at(samples, 660),
                      " 660 ", levels["amp660"].number);
      }
    }
  }
  CHECK(parts == 99);
}
