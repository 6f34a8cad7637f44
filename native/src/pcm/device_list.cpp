// Which sound cards the kernel knows.
#include "pcm/device_list.h"

#include <alsa/asoundlib.h>

namespace plugjam {

std::vector<SoundDevice> list_sound_devices() {
  std::vector<SoundDevice> devices;
  snd_ctl_card_info_t* card_info = nullptr;
  snd_pcm_info_t* pcm_info = nullptr;
  snd_ctl_card_info_alloca(&card_info);
  snd_pcm_info_alloca(&pcm_info);

  for (int card = -1; snd_card_next(&card) == 0 && card >= 0;) {
    snd_ctl_t* control = nullptr;
    const std::string card_name = "hw:" + std::to_string(card);
    if (snd_ctl_open(&control, card_name.c_str(), SND_CTL_READONLY) < 0) continue;
    if (snd_ctl_card_info(control, card_info) == 0) {
      for (int number = -1; snd_ctl_pcm_next_device(control, &number) == 0 && number >= 0;) {
        SoundDevice device;
        // By the card's id, which stays when cards are plugged in another order.
        device.device =
            std::string("hw:CARD=") + snd_ctl_card_info_get_id(card_info) + ",DEV=" + std::to_string(number);
        device.name = snd_ctl_card_info_get_name(card_info);
        snd_pcm_info_set_device(pcm_info, static_cast<unsigned>(number));
        snd_pcm_info_set_subdevice(pcm_info, 0);
        for (const auto stream : {SND_PCM_STREAM_CAPTURE, SND_PCM_STREAM_PLAYBACK}) {
          snd_pcm_info_set_stream(pcm_info, stream);
          const bool present = snd_ctl_pcm_info(control, pcm_info) == 0;
          (stream == SND_PCM_STREAM_CAPTURE ? device.capture : device.playback) = present;
        }
        devices.push_back(device);
      }
    }
    snd_ctl_close(control);
  }
  return devices;
}

}  // namespace plugjam
