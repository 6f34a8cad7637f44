// Captured datagrams of real programs, from test/fixtures/protocol.
import { readdirSync, readFileSync } from "node:fs";

const folder = "test/fixtures/protocol";

export interface Vector {
  /** Where it stands, for the message of a failing test. */
  where: string;
  dir: string;
  datagram: Uint8Array;
  /** What the capturing side made of it. */
  note: string;
  /** Message ID; absent for audio. */
  id?: number;
}

/** All lines of the files whose name begins with `prefix`. */
export function vectors(prefix: string): Vector[] {
  return readdirSync(folder)
    .filter((name) => name.startsWith(prefix) && name.endsWith(".jsonl"))
    .flatMap((name) =>
      readFileSync(`${folder}/${name}`, "utf8")
        .trimEnd()
        .split("\n")
        .map((line, i): Vector => {
          const { hex, note = "", ...facts } = JSON.parse(line);
          return { ...facts, note, where: `${name}:${i + 1} ${note}`, datagram: bytes(hex) };
        }),
    );
}

export function fixture(name: string): unknown {
  return JSON.parse(readFileSync(`${folder}/${name}`, "utf8"));
}

/** Bytes from hexadecimal digits; blanks are for the eye. */
export function bytes(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex.replaceAll(" ", ""), "hex"));
}
