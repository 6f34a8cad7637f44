// A full-duplex source of time and sound: what the audio thread knows of a sound card.
#pragma once

namespace plugjam {

// Cards that insist on longer periods than this are refused; everything is sized by it.
constexpr int kMostPeriodFrames = 1024;

// What became of a wait for the next period.
enum class PcmWait {
  kReady,    // a period can be read and written
  kXrun,     // the card ran over or dry; it was restarted, wait again
  kNothing,  // woken without cause; wait again
  kGone,     // the card is lost; `failure()` says how
};

// The system call or ALSA call that failed, and its errno.
struct PcmFailure {
  const char* call = "";
  int error = 0;
  bool capture = false;  // which of the two directions
};

// Audio is stereo float, interleaved, +-1.0, whatever the card's own format is. All of it runs in the audio
// thread, after construction: no allocation, no lock, and no system calls but those that wait on, read or
// write the card.
class Pcm {
 public:
  virtual ~Pcm() = default;

  virtual int period_frames() const = 0;
  virtual int capture_channels() const = 0;
  // Silence is filled in and both directions begin. False: `failure()` says why.
  virtual bool start() = 0;
  virtual PcmWait wait() = 0;
  // Frames that a full card has left to play at a wake-up in time; 0: it must be kept full.
  virtual int headroom_frames() const { return 0; }
  // Those that were left when the last wait ended.
  virtual int left_frames() const { return 0; }
  // After kReady, once each: exactly one period; to play, a few frames more or less of a card that need not
  // be full.
  virtual bool read(float* frames) = 0;
  virtual bool write(const float* frames, int count) = 0;
  virtual void stop() = 0;
  virtual PcmFailure failure() const = 0;
};

}  // namespace plugjam
