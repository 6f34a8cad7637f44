// A flood of hostile datagrams from a thousand ports on loopback, and what came back of it.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vectors } from "../protocol/vectors.js";
import { hostileDatagram } from "./hostile.js";
import { launch, type TestProcess } from "./process.js";
import { Random } from "./random.js";

export interface FloodBalance {
  readonly sent: number;
  readonly bytesOut: number;
  readonly bytesBack: number;
}

const kinds = 50_000;

export class Flooder {
  readonly #folder = mkdtempSync(join(tmpdir(), "plugjam-flooder-"));
  readonly #program = join(this.#folder, "flooder");
  readonly #datagrams = join(this.#folder, "datagrams");

  /** In C++, so that it is the hub that works and not its enemy. */
  constructor() {
    execFileSync("g++", ["-std=c++20", "-O1", "-o", this.#program, "test/support/flooder.cpp"]);
    const random = new Random(20261125);
    const seeds = vectors("")
      .map(({ datagram }) => datagram)
      .filter(({ length }) => length < 1000);
    const datagrams = Array.from({ length: kinds }, () => hostileDatagram(random, seeds));
    const framed = datagrams.flatMap((datagram) => [
      Uint8Array.of(datagram.length & 255, datagram.length >> 8),
      datagram,
    ]);
    writeFileSync(this.#datagrams, Buffer.concat(framed));
  }

  /** Its last line is the balance. */
  start(port: number, count: number, seconds: number): TestProcess {
    return launch(this.#program, [`${port}`, `${count}`, `${seconds}`, this.#datagrams]);
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }
}
