// See load_client.h.
#include "load_client.h"

#include <cstring>

#include "message.h"
#include "rt/time.h"

namespace plugjam::load {
namespace {

constexpr int64_t kResendNs = 400'000'000;

}  // namespace

LoadClient::LoadClient(int number, const Endpoint& server, const AudioFormat& format,
                       std::span<const uint8_t> music, int gains)
    : number_(number),
      server_(server),
      format_(format),
      music_(music),
      gains_(gains),
      arrivals_(int64_t{format.block_frames} * 1'000'000'000 / kSampleRate) {}

void LoadClient::play() {
  uint8_t packet[kMaxBlockBytes + 1];
  const auto bytes = static_cast<size_t>(format_.block_bytes);
  std::memcpy(packet, music_.data() + block_, bytes);
  packet[bytes] = sequence_++;
  block_ = (block_ + bytes) % music_.size();
  socket_.send(server_, {packet, sequenced_ ? bytes + 1 : bytes});
}

void LoadClient::listen(int64_t now_ns) {
  static uint8_t buffer[kMaxDatagramBytes];
  Received received;
  while (socket_.receive(buffer, received)) {
    const std::span<const uint8_t> bytes(buffer, received.bytes);
    if (is_message(bytes)) {
      hear_message(bytes, now_ns);
    } else if (sequenced_ && received.bytes == static_cast<size_t>(format_.slot_bytes())) {
      joined_ = true;
      if (measuring_) arrivals_.on_packet(received.at_ns, bytes.back());
    }
  }
  if (!outbox_.empty() && now_ns - sent_ns_ > kResendNs) send_head(now_ns);
}

void LoadClient::hear_message(std::span<const uint8_t> bytes, int64_t now_ns) {
  const int id = read_u16(bytes, 2);
  if (id >= kFirstConnectionless && id <= kLastConnectionless) return;
  const int counter = bytes[4];
  if (id == kAcknowledge) {
    if (outbox_.empty() || counter != counter_ || read_u16(bytes, 7) != outbox_.front().id) return;
    outbox_.pop_front();
    counter_ = (counter_ + 1) % 256;
    return send_head(now_ns);
  }
  answer(id);
  socket_.send(server_, message(kAcknowledge, counter, Writer().u16(id).bytes()));
}

void LoadClient::answer(int id) {
  AudioFormat format = format_;
  if (id == kWantsSplit) say(kSplits, {});
  if (id == kWantsJitterBuffer) say(kJitterBuffer, Writer().u16(21).bytes());
  if (id == kWantsTransport) {
    format.sequenced = sequenced_;
    say(kTransport, transport(format));
  }
  if (id == kVersion && !sequenced_) {
    sequenced_ = true;
    say(kTransport, transport(format));
  }
  if (id == kWantsProfile && !introduced_) {
    introduced_ = true;
    say(kProfile, Writer().u16(0).u32(0).u8(0).text("Load " + std::to_string(number_)).text("").bytes());
    // Between a half and full, in steps too fine to hear.
    for (int i = 0; i < gains_; ++i)
      say(kGain, Writer().u8(i).u16(16384 + (number_ * 101 + i * 37) % 16384).bytes());
  }
}

void LoadClient::say(int id, std::vector<uint8_t> body) {
  outbox_.push_back({id, std::move(body)});
  if (outbox_.size() == 1) send_head(monotonic_ns());
}

void LoadClient::send_head(int64_t now_ns) {
  if (outbox_.empty()) return;
  sent_ns_ = now_ns;
  socket_.send(server_, message(outbox_.front().id, counter_, outbox_.front().body));
}

void LoadClient::leave() { socket_.send(server_, message(kGoodbye, 0, {})); }

}  // namespace plugjam::load
