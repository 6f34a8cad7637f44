// A hub on a fake mixer and a hand-turned clock, with clients that a test plays message by message.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Endpoint } from "../../src/audio/engine.js";
import { Hub, type HubOptions, type HubSettings } from "../../src/hub/hub.js";
import type { Recorder, RecorderNotice } from "../../src/hub/recorder.js";
import {
  decodeMessage,
  encodeMessage,
  isConnectionless,
  type Message,
  type MessageOf,
  sealEnvelope,
  type Transport,
  transportFor,
  transportProps,
} from "../../src/protocol/index.js";
import { Collector } from "../../src/protocol/split.js";
import { FakeMixer, type SentDatagram } from "../support/fake-mixer.js";
import { ManualClock } from "../support/manual-clock.js";
import { Random } from "../support/random.js";

export const settings: HubSettings = {
  listen: "0.0.0.0:22124",
  name: "School",
  city: "Bern",
  country: 206,
  maxClients: 10,
  welcome: "",
  smallBlocks: true,
  licence: false,
  chat: true,
  public: false,
  record: false,
  directory: false,
  directoryAllow: [],
  directoryDeny: [],
  registerWith: [],
};

/** For what hubs keep; gone when the tests are. */
const folders = mkdtempSync(join(tmpdir(), "plugjam-hub-"));
after(() => rmSync(folders, { recursive: true }));

export function stateFolder(): string {
  return mkdtempSync(join(folders, "state-"));
}

export interface RigOptions extends Partial<Omit<HubOptions, "settings">> {
  readonly settings?: Partial<HubSettings>;
  /** Counters go 0, 1, 2 … as those of Jamulus. */
  readonly countsUp?: boolean;
  readonly records?: boolean;
}

export class FakeRecorder implements Recorder {
  readonly calls: string[] = [];
  onNotice: (notice: RecorderNotice) => void = () => {};
  start(): void {
    this.calls.push("start");
  }
  stop(): void {
    this.calls.push("stop");
  }
  newSession(): void {
    this.calls.push("new");
  }
  include(slot: number, name: string): void {
    this.calls.push(`include ${slot} ${name}`);
  }
  exclude(slot: number): void {
    this.calls.push(`exclude ${slot}`);
  }
  async close(): Promise<void> {
    this.calls.push("close");
  }
}

export class Rig {
  readonly clock = new ManualClock(1_000_000);
  readonly recorder = new FakeRecorder();
  readonly hub: Hub;
  readonly warnings: string[] = [];
  #mixer: FakeMixer | undefined;

  constructor({ settings: changed = {}, countsUp = false, records = false, ...options }: RigOptions = {}) {
    const random = new Random(1);
    const log = (text: unknown) => void this.warnings.push(String(text));
    this.hub = new Hub({
      settings: { ...settings, ...changed },
      createMixer: (mixerOptions) => {
        this.#mixer = new FakeMixer(mixerOptions, () => this.clock.nowMs());
        return this.#mixer;
      },
      ...(records
        ? {
            createRecorder: (_mixer, onNotice) => {
              this.recorder.onNotice = onNotice;
              return this.recorder;
            },
          }
        : {}),
      clock: this.clock,
      logger: { info: log, warn: log, error: log } as unknown as HubOptions["logger"],
      stateFolder: stateFolder(),
      resolve: async () => null,
      random: countsUp ? () => 0 : (below) => random.below(below),
      wallClock: () => new Date(2022, 9, 17, 22, 2, 28),
      ...options,
    });
    const trouble = this.hub.start();
    if (trouble !== null) throw new Error(trouble);
  }

  get mixer(): FakeMixer {
    return this.#mixer!;
  }

  /** In words: "addClient 0", "setGain 0 1 0.5" and so on. */
  get orders(): string[] {
    return this.mixer.orders.map(({ order, ...rest }) =>
      [
        order,
        ...Object.values(rest).map((value) => (typeof value === "object" ? JSON.stringify(value) : value)),
      ].join(" "),
    );
  }

  sentTo(to: Endpoint): SentDatagram[] {
    return this.mixer.sent.filter(({ to: { address, port } }) => address === to.address && port === to.port);
  }

  client(name: string, port = 22134, address = "127.0.0.1"): ScriptedClient {
    return new ScriptedClient(this, name, { address, port });
  }
}

const monoNormal = transportFor({
  blockFrames: 128,
  channels: 1,
  quality: "normal",
  blocksPerPacket: 1,
  sequenced: false,
});

/** A client that does what Jamulus does, as far as a test lets it. */
export class ScriptedClient {
  readonly endpoint: Endpoint;
  readonly name: string;
  readonly heard: Message[] = [];
  /** It acknowledges and answers what it gets. */
  alive = true;
  /** It can put parts together. */
  splits = true;
  format: Transport = monoNormal;
  readonly #rig: Rig;
  readonly #parts = new Collector();
  #counter = 0;
  #seen: number;

  constructor(rig: Rig, name: string, endpoint: Endpoint) {
    this.#rig = rig;
    this.name = name;
    this.endpoint = endpoint;
    this.#seen = rig.mixer.sent.length;
  }

  /** Audio packets until it has a slot, then the whole conversation. */
  join(): this {
    this.play(45).play(45);
    this.attend();
    return this;
  }

  play(bytes = 46): this {
    this.#rig.mixer.arrive(this.endpoint, new Uint8Array(bytes).fill(0x55));
    return this;
  }

  say(message: Message): this {
    const { id, body } = encodeMessage(message);
    const counter = isConnectionless(id) ? 0 : this.#counter++ & 255;
    this.raw(sealEnvelope(id, counter, body));
    this.attend();
    return this;
  }

  raw(datagram: Uint8Array): void {
    this.#rig.mixer.arrive(this.endpoint, datagram);
  }

  leave(): void {
    this.say({ kind: "CLM_DISCONNECTION" });
  }

  /** Takes what has come, until nothing more comes; or only the first `count` of all that the mixer has sent. */
  attend(count = Number.POSITIVE_INFINITY): this {
    for (let sent = this.#next(count); sent; sent = this.#next(count)) {
      this.#hear(sent.message);
      if (!this.alive) continue;
      this.#answer(sent.message);
      if (sent.message.kind === "ACKN" || sent.message.kind.startsWith("CLM_")) continue;
      this.acknowledge(sent);
    }
    return this;
  }

  acknowledge(sent: SentDatagram, counter = sent.counter): void {
    const { id, body } = encodeMessage({ kind: "ACKN", id: encodeMessage(sent.message).id });
    this.raw(sealEnvelope(id, counter, body));
  }

  heardOf<K extends Message["kind"]>(kind: K): MessageOf<K>[] {
    return this.heard.filter((message): message is MessageOf<K> => message.kind === kind);
  }

  get slot(): number {
    return this.heardOf("CLIENT_ID").at(-1)!.channel;
  }

  /** Names on the latest list of musicians. */
  get company(): string[] {
    return this.heardOf("CONN_CLIENTS_LIST")
      .at(-1)!
      .clients.map(({ name }) => name);
  }

  get profile(): MessageOf<"CHANNEL_INFOS"> {
    return { kind: "CHANNEL_INFOS", country: 206, instrument: 3, skill: 2, name: this.name, city: "Bern" };
  }

  #hear(message: Message): void {
    this.heard.push(message);
    if (message.kind !== "SPECIAL_SPLIT_MESSAGE") return;
    const collected = this.#parts.add(message);
    if (collected.state !== "complete") return;
    const whole = decodeMessage(collected.originalId, collected.body);
    if (whole.ok) this.heard.push(whole.message);
  }

  #answer(message: Message): void {
    const answers: Partial<Record<Message["kind"], Message>> = {
      REQ_SPLIT_MESS_SUPPORT: { kind: "SPLIT_MESS_SUPPORTED" },
      REQ_NETW_TRANSPORT_PROPS: transportProps(this.format),
      REQ_JITT_BUF_SIZE: { kind: "JITT_BUF_SIZE", blocks: 21 },
      REQ_CHANNEL_INFOS: this.profile,
    };
    const answer = answers[message.kind];
    if (answer === undefined || (answer.kind === "SPLIT_MESS_SUPPORTED" && !this.splits)) return;
    const { id, body } = encodeMessage(answer);
    this.raw(sealEnvelope(id, this.#counter++ & 255, body));
  }

  #next(count: number): SentDatagram | undefined {
    const { sent } = this.#rig.mixer;
    while (this.#seen < Math.min(sent.length, count)) {
      const next = sent[this.#seen]!;
      this.#seen += 1;
      if (next.to.address === this.endpoint.address && next.to.port === this.endpoint.port) return next;
    }
    return undefined;
  }
}
