// The known-answer vectors under test/fixtures, as C++ values. Tests run from the root of the tree.
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "codec/audio_format.h"
#include "support/json.h"

namespace plugjam::test {

using Bytes = std::vector<uint8_t>;

inline const std::string kAudioVectors = "test/fixtures/audio/";
inline const std::string kMessageVectors = "test/fixtures/protocol/";

inline std::string read_text(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path + " (tests run from the root of the tree)");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

inline Json read_json(const std::string& path) { return JsonReader(read_text(path)).read(); }

inline std::vector<Json> read_json_lines(const std::string& path) {
  std::istringstream text(read_text(path));
  std::vector<Json> lines;
  for (std::string line; std::getline(text, line);) {
    if (!line.empty()) lines.push_back(JsonReader(line).read());
  }
  return lines;
}

inline Bytes from_hex(const std::string& hex) {
  Bytes bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<uint8_t>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

// Files of a folder whose name starts so, sorted.
inline std::vector<std::string> list_files(const std::string& folder, const std::string& prefix) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename();
    if (name.starts_with(prefix) && name.ends_with(".jsonl")) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

// Coded bytes of a block (spec 3.3); quality is low, normal or high.
inline int opus_block_bytes(int block_frames, int channels, const std::string& quality) {
  static const int kBytes[2][2][3] = {{{12, 22, 36}, {24, 35, 73}}, {{25, 45, 82}, {47, 71, 165}}};
  const int level = quality == "low" ? 0 : quality == "normal" ? 1 : 2;
  return kBytes[block_frames == 128][channels - 1][level];
}

// "audio-opus64-mono-low-x1.jsonl", "audio-raw128-stereo-x2.jsonl" -> the format inside, not sequenced.
inline AudioFormat format_of_file(const std::string& name) {
  const auto has = [&](const char* part) { return name.find(part) != std::string::npos; };
  AudioFormat format;
  format.block_frames = has("128-") ? 128 : 64;
  format.channels = has("-mono-") ? 1 : 2;
  format.blocks_per_packet = has("-x2") ? 2 : 1;
  format.block_bytes = has("-raw") ? 2 * format.block_frames * format.channels
                                   : opus_block_bytes(format.block_frames, format.channels,
                                                      has("-low-")      ? "low"
                                                      : has("-normal-") ? "normal"
                                                                        : "high");
  return format;
}

}  // namespace plugjam::test
