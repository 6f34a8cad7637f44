// Between a box and a server: notes when each datagram passes, and can be a bad road back. Exact where time is virtual.

import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { FineAlarm } from "./fine-alarm.js";
import type { Road } from "./road.js";

/** One direction's datagrams that are not as those before them: in silence all are alike, an impulse is not. */
class OddOnes {
  readonly passed: { readonly atNs: bigint; readonly number: number }[] = [];
  /** Audio packets so far. */
  count = 0;
  #usual = "";
  #alike = 0;

  see(datagram: Buffer): void {
    // The last byte counts the packets (spec 3.4).
    const content = datagram.toString("latin1", 0, datagram.length - 1);
    if (content === this.#usual) {
      this.#alike += 1;
    } else {
      if (this.#alike >= leastAlike) this.passed.push({ atNs: process.hrtime.bigint(), number: this.count });
      this.#usual = content;
      this.#alike = 0;
    }
    this.count += 1;
  }
}

/** Silence lasts longer than the ringing of a codec. */
const leastAlike = 8;

interface Waiting {
  readonly datagram: Buffer;
  readonly dueNs: bigint;
}

export class Relay {
  readonly toServer = new OddOnes();
  readonly fromServer = new OddOnes();
  readonly #road: Road | null;
  readonly #near: Socket;
  readonly #far: Socket;
  readonly #alarm = new FineAlarm(() => this.#deliver());
  #clientPort = 0;
  /** The next that is due first. */
  readonly #waiting: Waiting[] = [];
  #latestNs = 0n;

  private constructor(near: Socket, far: Socket, serverPort: number, road: Road | null) {
    this.#near = near;
    this.#far = far;
    this.#road = road;
    near.on("message", (datagram, { port }) => {
      this.#clientPort = port;
      if (!isMessage(datagram)) this.toServer.see(datagram);
      far.send(datagram, serverPort, "127.0.0.1");
    });
    far.on("message", (datagram) => this.#comesBack(datagram));
  }

  /** What comes from the server takes this road, which begins with its first packet. */
  static async start(serverPort: number, road: Road | null = null): Promise<Relay> {
    return new Relay(await bound(), await bound(), serverPort, road);
  }

  get port(): number {
    return this.#near.address().port;
  }

  async stop(): Promise<void> {
    await this.#alarm.stop();
    this.#near.close();
    this.#far.close();
  }

  #comesBack(datagram: Buffer): void {
    const nowNs = process.hrtime.bigint();
    const message = isMessage(datagram);
    const packet = this.fromServer.count;
    if (!message) this.fromServer.see(datagram);
    if (!this.#road) {
      this.#near.send(datagram, this.#clientPort, "127.0.0.1");
      return;
    }
    const delayNs = this.#road.delayNs(packet);
    if (delayNs === null && !message) return;
    // A message goes with the packets around it.
    const dueNs = message ? max(this.#latestNs, nowNs) : nowNs + (delayNs ?? 0n);
    this.#latestNs = max(this.#latestNs, dueNs);
    const at = this.#waiting.findLastIndex((each) => each.dueNs <= dueNs) + 1;
    this.#waiting.splice(at, 0, { datagram, dueNs });
    if (at === 0) this.#alarm.set(dueNs);
  }

  #deliver(): void {
    const nowNs = process.hrtime.bigint();
    for (let [first] = this.#waiting; first && first.dueNs <= nowNs; [first] = this.#waiting) {
      this.#near.send(first.datagram, this.#clientPort, "127.0.0.1");
      this.#waiting.shift();
    }
    const [next] = this.#waiting;
    if (next) this.#alarm.set(next.dueNs);
  }
}

/** Zeros before an identifier and a length (spec 2.1); what is audio all the same is of no other length than the rest. */
function isMessage(datagram: Buffer): boolean {
  return (
    datagram.length >= 9 && datagram.readUInt16LE(0) === 0 && datagram.readUInt16LE(5) === datagram.length - 9
  );
}

function max(one: bigint, other: bigint): bigint {
  return one > other ? one : other;
}

async function bound(): Promise<Socket> {
  const socket = createSocket("udp4").bind(0, "127.0.0.1");
  await once(socket, "listening");
  return socket;
}
