// Names of servers: one that nobody knows, and one that a service record leads from to a host and a port.

import assert from "node:assert/strict";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { startBoxAt } from "../support/box-at.js";
import { startJamulusServer } from "../support/jamulus.js";
import { stopAllProcesses } from "../support/process.js";

describe("a box and the name of its server", function () {
  this.timeout(60_000);
  let names: Socket | null = null;

  afterEach(async () => {
    names?.close();
    names = null;
    await stopAllProcesses();
  });

  it("says that nobody knows the name, and goes on trying", async () => {
    const box = await startBoxAt("jam.invalid:22124");
    await box.press("connect");
    const { connection, wanted } = await box.reaches(
      "waiting",
      (status) => status.connection.state === "waiting",
    );
    assert.equal(connection.reason, "No address found for jam.invalid. Trying again.");
    assert.equal(wanted?.address, "jam.invalid:22124");
    assert.doesNotMatch(box.process.log(), /jam\.invalid/);
  });

  it("follows a service record to its host and port", async () => {
    const server = await startJamulusServer();
    names = createSocket("udp4");
    const asked: string[] = [];
    names.on("message", (query, { port, address }) => {
      asked.push(questionOf(query));
      names?.send(serviceAnswer(query, server.port), port, address);
    });
    names.bind(0, "127.0.0.1");
    await once(names, "listening");
    const script = [
      'import dns from "node:dns/promises";',
      'import { syncBuiltinESMExports } from "node:module";',
      `dns.setServers(["127.0.0.1:${names.address().port}"]);`,
      "syncBuiltinESMExports();",
    ].join("");
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(script)}` };
    const box = await startBoxAt("jam.example.org", { env });
    await box.press("connect");
    await box.plays();
    await server.serves(["Box"]);
    assert.deepEqual(asked, ["_jamulus._udp.jam.example.org"]);
  });
});

/** The name in the one question of a DNS query. */
function questionOf(query: Buffer): string {
  const labels: string[] = [];
  for (let at = 12, length = query[at]!; length > 0; at += 1 + length, length = query[at]!)
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
  return labels.join(".");
}

/** A DNS answer (RFC 1035, RFC 2782) with one SRV record: localhost, at `port`. */
function serviceAnswer(query: Buffer, port: number): Buffer {
  const question = query.subarray(12, query.indexOf(0, 12) + 5);
  const header = Buffer.from([query[0]!, query[1]!, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]);
  const target = Buffer.from("\x09localhost\x00", "latin1");
  const record = Buffer.from([
    0xc0,
    0x0c,
    0,
    33,
    0,
    1,
    0,
    0,
    0,
    60,
    0,
    6 + target.length,
    0,
    0,
    0,
    0,
    port >> 8,
    port & 255,
  ]);
  return Buffer.concat([header, question, record, target]);
}
