// A sound card in user space.
#include <alsa/asoundlib.h>
