// Between a box and a server: notes when each datagram passes, and can be a bad network. Exact where time is virtual.

import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { Random } from "../../support/random.js";

export interface Weather {
  /** Each datagram is held for a time between 0 and this, so that some overtake others. */
  readonly jitterMs?: number;
  /** Share of datagrams that never arrive. */
  readonly loss?: number;
}

/** One direction's datagrams that are not as those before them: in silence all are alike, an impulse is not. */
class OddOnes {
  readonly atNs: bigint[] = [];
  #usual = "";
  #alike = 0;

  see(datagram: Buffer): void {
    // The last byte counts the packets (spec 3.4).
    const content = datagram.toString("latin1", 0, datagram.length - 1);
    if (content === this.#usual) {
      this.#alike += 1;
      return;
    }
    if (this.#alike >= leastAlike) this.atNs.push(process.hrtime.bigint());
    this.#usual = content;
    this.#alike = 0;
  }
}

/** Silence lasts longer than the ringing of a codec. */
const leastAlike = 8;

export class Relay {
  readonly toServer = new OddOnes();
  readonly fromServer = new OddOnes();
  readonly #weather: Weather;
  readonly #random = new Random(1);
  #near: Socket | null = null;
  #far: Socket | null = null;

  private constructor(weather: Weather) {
    this.#weather = weather;
  }

  static async start(serverPort: number, weather: Weather = {}): Promise<Relay> {
    const relay = new Relay(weather);
    const [near, far] = [await bound(), await bound()];
    let clientPort = 0;
    near.on("message", (datagram, { port }) => {
      clientPort = port;
      relay.toServer.see(datagram);
      relay.#pass(() => far.send(datagram, serverPort, "127.0.0.1"));
    });
    far.on("message", (datagram) => {
      relay.fromServer.see(datagram);
      relay.#pass(() => near.send(datagram, clientPort, "127.0.0.1"));
    });
    relay.#near = near;
    relay.#far = far;
    return relay;
  }

  get port(): number {
    return this.#near?.address().port ?? 0;
  }

  stop(): void {
    this.#near?.close();
    this.#far?.close();
    this.#near = this.#far = null;
  }

  #pass(send: () => void): void {
    const { jitterMs = 0, loss = 0 } = this.#weather;
    if (this.#random.next() < loss) return;
    if (jitterMs === 0) send();
    else setTimeout(() => this.#near && send(), this.#random.next() * jitterMs);
  }
}

async function bound(): Promise<Socket> {
  const socket = createSocket("udp4").bind(0, "127.0.0.1");
  await once(socket, "listening");
  return socket;
}
