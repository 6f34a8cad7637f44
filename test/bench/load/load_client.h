// One client of the load: gets itself let in, sends music, and notes when the server's packets come.
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <vector>

#include "arrivals.h"
#include "codec/audio_format.h"
#include "net/udp_socket.h"

namespace plugjam::load {

class LoadClient {
 public:
  // `music` is coded blocks of the format, one after the other, played round and round. With `gains`, every
  // one of that many faders is set, each client otherwise than all others.
  LoadClient(int number, const Endpoint& server, const AudioFormat& format, std::span<const uint8_t> music,
             int gains);

  // Returns 0 or an errno.
  int open() { return socket_.open(0); }
  // Sends the block that is due.
  void play();
  // Takes in what has come.
  void listen(int64_t now_ns);
  // The server has let it in: it sends audio in the format asked for.
  bool joined() const { return joined_; }
  // All its messages have been acknowledged.
  bool idle() const { return outbox_.empty(); }
  // From now on arrivals are noted.
  void measure() { measuring_ = true; }
  void leave();

  const Arrivals& arrivals() const { return arrivals_; }

 private:
  struct Outgoing {
    int id;
    std::vector<uint8_t> body;
  };

  void hear_message(std::span<const uint8_t> bytes, int64_t now_ns);
  void answer(int id);
  void say(int id, std::vector<uint8_t> body);
  void send_head(int64_t now_ns);

  int number_;
  Endpoint server_;
  AudioFormat format_;
  std::span<const uint8_t> music_;
  int gains_;
  UdpSocket socket_;
  size_t block_ = 0;
  uint8_t sequence_ = 0;
  std::deque<Outgoing> outbox_;
  int counter_ = 0;
  int64_t sent_ns_ = 0;
  bool introduced_ = false;
  bool sequenced_ = false;
  bool joined_ = false;
  bool measuring_ = false;
  Arrivals arrivals_;
};

}  // namespace plugjam::load
