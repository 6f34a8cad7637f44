// Which sound cards the kernel knows.
#pragma once

#include <string>
#include <vector>

namespace plugjam {

struct SoundDevice {
  std::string device;  // an ALSA PCM name, such as hw:CARD=Device,DEV=0
  std::string name;    // for people
  bool capture = false;
  bool playback = false;
};

std::vector<SoundDevice> list_sound_devices();

}  // namespace plugjam
