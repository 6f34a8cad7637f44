// See mixer_thread.h.
#include "mixer/mixer_thread.h"

#include <poll.h>

#include "net/datagram.h"
#include "rt/realtime_scope.h"
#include "rt/time.h"

namespace plugjam {
namespace {

// What JavaScript is told of strangers at most: enough for a hall full of newcomers and their lists of
// servers, too little to keep it busy.
constexpr int kKnocksPerSecond = 200;
constexpr int kKnocksAtOnce = 50;
constexpr int kStrangerMessagesPerSecond = 1000;
constexpr int kStrangerMessagesAtOnce = 200;
// Asleep for longer, it could not be told from a thread that hangs.
constexpr int kLongestSleepMs = 500;

}  // namespace

MixerThread::MixerThread(UdpSocket& socket, MixerPorts& ports, int tick_frames, int slots,
                         uint64_t address_key)
    : socket_(socket),
      ports_(ports),
      desk_(tick_frames, slots, *this),
      timer_(tick_frames),
      table_(address_key),
      addresses_(static_cast<size_t>(slots)),
      knocks_(kKnocksPerSecond, kKnocksAtOnce),
      stranger_messages_(kStrangerMessagesPerSecond, kStrangerMessagesAtOnce) {}

void MixerThread::run() {
  while (!ports_.stop.load(std::memory_order_relaxed)) {
    RealtimeScope realtime;
    wait();
    ports_.turns.fetch_add(1, std::memory_order_relaxed);
    turn();
  }
}

// Nobody there, nothing to mix: so an idle hub costs nothing. A flood of strangers does not keep it awake all
// the time either; what one turn leaves over waits for a tick.
void MixerThread::wait() {
  if (desk_.clients() == 0 && !backlog_) {
    sleep_until_news();
    ticking_ = false;
    return;
  }
  if (!ticking_) timer_.start(monotonic_ns());
  ticking_ = true;
  if (timer_.wait()) ++counters_.late_ticks;
}

void MixerThread::sleep_until_news() {
  pollfd waited_on[] = {{socket_.fd(), POLLIN, 0}, {ports_.order_given.fd(), POLLIN, 0}};
  poll(waited_on, 2, kLongestSleepMs);
  if (waited_on[1].revents != 0) ports_.order_given.clear();
}

void MixerThread::turn() {
  // Before the datagrams: whoever was added a moment ago is a stranger no more.
  MixerOrder order;
  while (ports_.orders.pop(order)) obey(order);
  receive();
  if (desk_.clients() > 0) {
    desk_.tick();
    flush();
    ++counters_.ticks;
  }
  publish();
  if (news_) ports_.news.ring();
  news_ = false;
}

void MixerThread::obey(const MixerOrder& order) {
  if (const auto* add = std::get_if<AddClient>(&order)) {
    if (desk_.connected(add->slot)) return;
    Address& address = addresses_[static_cast<size_t>(add->slot)];
    address.length = socket_.address_of(add->endpoint, address.socket_address);
    address.number = add->number;
    table_.add(add->slot, add->endpoint);
    desk_.add(add->slot);
  } else if (const auto* remove = std::get_if<RemoveClient>(&order)) {
    if (!desk_.connected(remove->slot)) return;
    table_.remove(remove->slot);
    desk_.remove(remove->slot);
  } else if (const auto* format = std::get_if<SetClientFormat>(&order)) {
    if (desk_.connected(format->slot)) desk_.set_format(format->slot, format->format);
  } else if (const auto* admit = std::get_if<AdmitToMix>(&order)) {
    if (desk_.connected(admit->slot)) desk_.admit(admit->slot);
  } else if (const auto* gain = std::get_if<SetGain>(&order)) {
    desk_.set_gain(gain->listener, gain->source, gain->gain);
  } else if (const auto* pan = std::get_if<SetPan>(&order)) {
    desk_.set_pan(pan->listener, pan->source, pan->pan);
  } else if (const auto* jitter = std::get_if<SetClientJitter>(&order)) {
    if (desk_.connected(jitter->slot)) desk_.set_jitter(jitter->slot, jitter->blocks);
  } else if (const auto* use = std::get_if<UseTap>(&order)) {
    desk_.use_tap(*use->tap);
  } else if (const auto* record = std::get_if<RecordClient>(&order)) {
    desk_.record(record->slot, record->track);
  }
}

// Clients and strangers wait in one queue of the kernel, so a flood must be worked off to get at the clients
// behind it: for up to a third of a tick. Beyond what that suffices for, the kernel drops whatever comes.
void MixerThread::receive() {
  const int64_t begun_ns = monotonic_ns();
  int64_t now_ns = begun_ns;
  do {
    const int count = incoming_.receive(socket_);
    for (int i = 0; i < count; ++i) take(i, now_ns);
    backlog_ = count == IncomingBatch::kMost;
    if (backlog_) now_ns = monotonic_ns();
  } while (backlog_ && now_ns - begun_ns < timer_.tick_ns() / 3);
}

void MixerThread::take(int index, int64_t now_ns) {
  const Endpoint from = incoming_.from(index);
  const std::span<const uint8_t> bytes = incoming_.bytes(index);
  const bool message = !incoming_.cut(index) && is_message(bytes);
  const int slot = table_.find(from);
  if (slot == kNobody) return take_from_stranger(from, bytes, message, index, now_ns);
  if (!message) {
    ++counters_.packets_received;
    desk_.receive(slot, bytes);
  } else if (ports_.messages.push({from, slot, number(slot), incoming_.at_ns(index)}, bytes)) {
    news_ = true;
  } else {
    ++counters_.messages_dropped;
  }
}

void MixerThread::take_from_stranger(const Endpoint& from, std::span<const uint8_t> bytes, bool message,
                                     int index, int64_t now_ns) {
  ++counters_.strangers;
  counters_.stranger_bytes += bytes.size();
  // At port 0 nobody can be answered, so JavaScript need not hear of it.
  const bool answerable = from.port() != 0;
  if (message) {
    if (answerable && stranger_messages_.take(now_ns) &&
        ports_.stranger_messages.push({from, kNobody, 0, incoming_.at_ns(index)}, bytes)) {
      news_ = true;
    } else {
      ++counters_.stranger_messages_dropped;
    }
  } else if (answerable && knocks_.take(now_ns) &&
             ports_.knocks.push({from, static_cast<uint32_t>(bytes.size()), now_ns})) {
    news_ = true;
  } else {
    ++counters_.knocks_dropped;
  }
}

void MixerThread::send(int slot, std::span<const uint8_t> packet) {
  const Address& address = addresses_[static_cast<size_t>(slot)];
  outgoing_.add(address.socket_address, address.length, packet);
  ++counters_.packets_sent;
  if (outgoing_.full()) flush();
}

void MixerThread::flush() {
  const auto refused = static_cast<uint64_t>(outgoing_.flush(socket_));
  counters_.send_failures += refused;
  counters_.packets_sent -= refused;
}

void MixerThread::tell_silent(int slot) { tell({MixerNotice::Kind::kClientSilent, slot, 0, 0, 0}); }

void MixerThread::tell_depth(int slot, int blocks) {
  tell({MixerNotice::Kind::kClientJitter, slot, 0, blocks, 0});
}

void MixerThread::tell(MixerNotice notice) {
  notice.client = number(notice.slot);
  notice.at_ns = monotonic_ns();
  news_ = true;
  if (!ports_.notices.push(notice)) ++counters_.notices_dropped;
}

void MixerThread::publish() {
  counters_.encoded = desk_.encoded();
  ports_.counters.store(counters_);
  for (const int slot : desk_.slots()) {
    ports_.clients[static_cast<size_t>(slot)].store(desk_.source(slot).counters());
  }
}

}  // namespace plugjam
