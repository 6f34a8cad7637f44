// A network of a test's own, on this machine only: a namespace for the box, a cable to it, and a name service.

import { execFileSync } from "node:child_process";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";

/** Each process of tests has networks of its own. */
const subnet = process.pid % 256;

/** The addresses of host `number` in this process's networks; this end is number 1. */
export function host(number: number): { readonly v4: string; readonly v6: string } {
  return { v4: `10.213.${subnet}.${number}`, v6: `fd53:213:${subnet}::${number}` };
}

const here = host(1);

function ip(...words: string[]): void {
  execFileSync("ip", words, { stdio: ["ignore", "ignore", "pipe"] });
}

export class TestNetwork {
  readonly here = here;
  /** What goes before a program that is to run at the far end. */
  readonly wrap: readonly string[];
  /** Addresses by name; a name that is not in it does not exist. */
  readonly names = new Map<string, string>();
  /** False: the name service is silent. */
  answers = true;
  /** The namespace; its near end of the cable has the same name. */
  readonly #name = `pj${process.pid}`;
  readonly #services: readonly Socket[] = [createSocket("udp4"), createSocket("udp6")];

  private constructor() {
    this.wrap = ["ip", "netns", "exec", this.#name];
    for (const service of this.#services) {
      service.on("message", (query, from) => {
        if (this.answers) service.send(answer(query, this.names), from.port, from.address);
      });
    }
  }

  /** Null where this user may have none. */
  static async create(): Promise<TestNetwork | null> {
    const network = new TestNetwork();
    try {
      ip("netns", "add", network.#name);
      ip("link", "add", network.#name, "type", "veth", "peer", "name", "eth0", "netns", network.#name);
      network.#inside("link", "set", "lo", "up");
      network.#inside("link", "set", "eth0", "up");
      network.cableIn();
      network.use(host(2).v4);
      for (const [index, service] of network.#services.entries()) {
        service.bind(53, [here.v4, here.v6][index]);
        await once(service, "listening");
      }
      return network;
    } catch {
      network.close();
      return null;
    }
  }

  close(): void {
    for (const service of this.#services) service.close();
    for (const words of [
      ["link", "del", this.#name],
      ["netns", "del", this.#name],
    ]) {
      try {
        ip(...words);
      } catch {
        // It was not made.
      }
    }
    rmSync(`/etc/netns/${this.#name}`, { recursive: true, force: true });
  }

  cableOut(): void {
    ip("link", "set", this.#name, "down");
  }

  cableIn(): void {
    ip("link", "set", this.#name, "up");
    this.also(here.v4);
    this.also(here.v6);
  }

  /** One more address at this end. */
  also(address: string): void {
    ip("addr", "replace", ...prefixed(address), "dev", this.#name);
  }

  /** The far end has this address from now on, and no other; programs that start there ask the name service by it. */
  use(address: string): void {
    const folder = `/etc/netns/${this.#name}`;
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${folder}/resolv.conf`, `nameserver ${address.includes(":") ? here.v6 : here.v4}\n`);
    ip("neigh", "flush", "dev", this.#name, "nud", "permanent");
    this.#inside("addr", "flush", "dev", "eth0");
    this.#inside("addr", "add", ...prefixed(address), "dev", "eth0");
  }

  /**
   * What is sent to this address goes out and is lost, as behind a router. On a cable the kernel would keep it for a neighbour
   * that does not answer, and Jamulus wait in sendto() for room there, 2.7 s at a time. Until the next use().
   */
  loses(address: string): void {
    ip("neigh", "replace", address, "lladdr", "02:00:00:00:00:01", "dev", this.#name, "nud", "permanent");
  }

  #inside(...words: string[]): void {
    ip("-n", this.#name, ...words);
  }
}

function prefixed(address: string): string[] {
  return address.includes(":") ? [`${address}/64`, "nodad"] : [`${address}/24`];
}

/** The answer to a query (RFC 1035) for A or AAAA records; of others it says that there are none. */
function answer(query: Buffer, names: ReadonlyMap<string, string>): Buffer {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; at += 1 + length, length = query[at] ?? 0)
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
  const type = query.readUInt16BE(at + 1);
  const address = names.get(labels.join("."));
  const bytes = address === undefined ? null : addressBytes(address);
  const isAsked = bytes !== null && type === (bytes.length === 4 ? 1 : 28);
  const header = Buffer.from([
    query[0]!,
    query[1]!,
    0x81,
    address === undefined ? 0x83 : 0x80,
    0,
    1,
    0,
    isAsked ? 1 : 0,
    0,
    0,
    0,
    0,
  ]);
  const question = query.subarray(12, at + 5);
  if (!isAsked) return Buffer.concat([header, question]);
  const record = Buffer.from([0xc0, 0x0c, 0, type, 0, 1, 0, 0, 0, 0, 0, bytes.length]);
  return Buffer.concat([header, question, record, bytes]);
}

function addressBytes(address: string): Buffer {
  if (!address.includes(":")) return Buffer.from(address.split(".").map(Number));
  const [head = "", tail = ""] = address.split("::");
  const groups = (text: string) => text.split(":").filter((group) => group !== "");
  const missing = 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array.from({ length: missing }, () => "0"), ...groups(tail)];
  return Buffer.from(all.map((group) => group.padStart(4, "0")).join(""), "hex");
}
