// The keys of a card's block and of its source's, each with what it sets.
#include "card_config.h"

#include <cmath>
#include <cstring>

#include "file_source.h"
#include "tune.h"

namespace plugjam::virtual_card {
namespace {

// Calls visit(key, node) for each entry; stops at the first that returns false.
template <typename Visit>
bool for_each_entry(snd_config_t* block, Visit visit) {
  snd_config_iterator_t i, next;
  snd_config_for_each(i, next, block) {
    snd_config_t* const node = snd_config_iterator_entry(i);
    const char* key;
    if (snd_config_get_id(node, &key) < 0) continue;
    if (!visit(key, node)) {
      SNDERR("plugjam card: \"%s\" is not a key of this block, or not a value it can have", key);
      return false;
    }
  }
  return true;
}

bool is(const char* key, const char* name) { return std::strcmp(key, name) == 0; }

bool read_text(snd_config_t* node, std::string& value) {
  const char* text;
  if (snd_config_get_string(node, &text) < 0) return false;
  value = text;
  return true;
}

bool read_count(snd_config_t* node, uint32_t low, uint32_t high, uint32_t& value) {
  long number;
  if (snd_config_get_integer(node, &number) < 0 || number < low || number > high) return false;
  value = static_cast<uint32_t>(number);
  return true;
}

bool read_real(snd_config_t* node, double& value) { return snd_config_get_ireal(node, &value) == 0; }

bool read_formats(snd_config_t* block, std::vector<unsigned>& formats) {
  formats.clear();
  return snd_config_get_type(block) == SND_CONFIG_TYPE_COMPOUND &&
         for_each_entry(block, [&](const char*, snd_config_t* node) {
           std::string name;
           if (!read_text(node, name)) return false;
           for (const unsigned known : CardConfig{}.formats) {
             if (name != snd_pcm_format_name(static_cast<snd_pcm_format_t>(known))) continue;
             formats.push_back(known);
             return true;
           }
           return false;
         });
}

bool read_sink(snd_config_t* block, std::string& path) {
  return snd_config_get_type(block) == SND_CONFIG_TYPE_COMPOUND &&
         for_each_entry(block, [&](const char* key, snd_config_t* node) {
           return is(key, "file") && read_text(node, path);
         });
}

struct SourceConfig {
  std::string type;
  std::array<double, kMaxChannels> frequencies_hz{};
  double level_db = -12;
  uint32_t interval = 4800;
  uint32_t offset = 0;
  std::string file;
  std::string file_format = "wav";
  uint32_t file_channels = 2;

  bool read(snd_config_t* block) {
    return snd_config_get_type(block) == SND_CONFIG_TYPE_COMPOUND &&
           for_each_entry(block, [&](const char* key, snd_config_t* node) {
             if (is(key, "type")) return read_text(node, type);
             if (is(key, "frequencies")) return read_frequencies(node);
             if (is(key, "level_db")) return read_real(node, level_db) && level_db <= 0;
             if (is(key, "interval")) return read_count(node, 1, INT32_MAX, interval);
             if (is(key, "offset")) return read_count(node, 0, INT32_MAX, offset);
             if (is(key, "file")) return read_text(node, file);
             if (is(key, "format")) return read_text(node, file_format);
             if (is(key, "channels")) return read_count(node, 1, 64, file_channels);
             return false;
           });
  }

  bool read_frequencies(snd_config_t* block) {
    size_t channel = 0;
    return snd_config_get_type(block) == SND_CONFIG_TYPE_COMPOUND &&
           for_each_entry(block, [&](const char*, snd_config_t* node) {
             return channel < kMaxChannels && read_real(node, frequencies_hz[channel++]);
           });
  }
};

std::unique_ptr<Source> open_file(const SourceConfig& config) {
  auto source = std::make_unique<FileSource>();
  int error = -EINVAL;
  if (config.file_format == "wav") {
    error = source->open_wav(config.file.c_str());
  } else if (config.file_format == "s16") {
    error = source->open_raw(config.file.c_str(), SampleFormat::kS16, config.file_channels);
  } else if (config.file_format == "float") {
    error = source->open_raw(config.file.c_str(), SampleFormat::kFloat, config.file_channels);
  }
  if (error == 0) return source;
  SNDERR("plugjam card: cannot hear %s as %s: %s", config.file.c_str(), config.file_format.c_str(),
         snd_strerror(error));
  return nullptr;
}

}  // namespace

int CardConfig::read(snd_config_t* block) {
  const bool understood = for_each_entry(block, [&](const char* key, snd_config_t* node) {
    if (is(key, "type") || is(key, "comment") || is(key, "hint")) return true;
    if (is(key, "control")) return read_text(node, control_path);
    if (is(key, "rate")) return read_count(node, 8000, 192000, rate_hz);
    if (is(key, "ppm")) return read_real(node, ppm) && std::abs(ppm) <= 100000;
    if (is(key, "channels_min")) return read_count(node, 1, kMaxChannels, channels_min);
    if (is(key, "channels_max")) return read_count(node, 1, kMaxChannels, channels_max);
    if (is(key, "formats")) return read_formats(node, formats);
    if (is(key, "period_min")) return read_count(node, 16, 65536, period_min_frames);
    if (is(key, "period_max")) return read_count(node, 16, 65536, period_max_frames);
    if (is(key, "periods_min")) return read_count(node, 2, 64, periods_min);
    if (is(key, "periods_max")) return read_count(node, 2, 64, periods_max);
    if (is(key, "sink")) return read_sink(node, sink_path);
    if (is(key, "source")) {
      source = node;
      return true;
    }
    return false;
  });
  if (!understood) return -EINVAL;
  if (control_path.empty() || formats.empty() || channels_min > channels_max ||
      period_min_frames > period_max_frames || periods_min > periods_max) {
    SNDERR("plugjam card: needs a control file, at least one format, and no minimum above its maximum");
    return -EINVAL;
  }
  return 0;
}

std::unique_ptr<Source> make_source(const CardConfig& config) {
  if (config.source == nullptr) return std::make_unique<SilenceSource>();
  SourceConfig source;
  if (!source.read(config.source)) return nullptr;
  if (source.type == "silence") return std::make_unique<SilenceSource>();
  if (source.type == "sine") {
    const double amplitude = std::pow(10, source.level_db / 20);
    return std::make_unique<SineSource>(source.frequencies_hz, amplitude, config.rate_hz);
  }
  if (source.type == "impulses") return std::make_unique<ImpulseSource>(source.interval, source.offset);
  if (source.type == "tune") return std::make_unique<TuneSource>(config.rate_hz);
  if (source.type == "file") return open_file(source);
  SNDERR("plugjam card: a source is silence, sine, impulses, tune or file, not \"%s\"", source.type.c_str());
  return nullptr;
}

}  // namespace plugjam::virtual_card
