// A road that packets take, from a file of the depth race: how long each is under way, or that it is lost.

import { readFileSync } from "node:fs";

export class Road {
  readonly #packets: readonly { readonly delayNs: bigint | null; readonly baseNs: bigint }[];

  constructor(path: string) {
    const lines = readFileSync(path, "utf8").trim().split("\n");
    this.#packets = lines.map((line) => {
      const [delay = -1n, base = 0n] = line.split(" ").map(BigInt);
      return { delayNs: delay < 0n ? null : delay, baseNs: base };
    });
  }

  get packets(): number {
    return this.#packets.length;
  }

  /** Null: it never arrives. Beyond the end the road goes on as it ended. */
  delayNs(packet: number): bigint | null {
    const last = this.#packets.at(-1);
    return (this.#packets[packet] ?? { delayNs: last?.baseNs ?? 0n }).delayNs;
  }

  /** What it takes at least by then, without a wait in any queue. */
  baseNs(packet: number): bigint {
    return (this.#packets[packet] ?? this.#packets.at(-1))?.baseNs ?? 0n;
  }
}
