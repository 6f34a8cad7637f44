// The goodbye that a killed box could not say: from its own port, once, and only if there is one to say.

import assert from "node:assert/strict";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ghost } from "../../src/session/ghost.js";
import { freeUdpPort } from "../support/free-port.js";

describe("Ghost", () => {
  let folder: string;
  let log: string[];
  let server: Socket;
  let heard: string[];
  const open = (where = folder) =>
    new Ghost(where, {
      info: (text: unknown) => log.push(String(text)),
      warn: (text: unknown) => log.push(String(text)),
    });
  const file = () => join(folder, "place.json");
  const at = () => ({ address: "127.0.0.1", port: server.address().port });

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "plugjam-ghost-"));
    [log, heard] = [[], []];
    server = createSocket("udp4");
    server.on("message", (bytes, from) => heard.push(`${from.port}: ${bytes.toString("hex")}`));
    server.bind(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterEach(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  it("says goodbye for a box that was killed, from the port that it had", async () => {
    const port = await freeUdpPort();
    const killed = open();
    killed.follow(port, at());
    await killed.settled();
    assert.deepEqual(await open().lay(), at());
    if (heard.length === 0) await once(server, "message");
    // Spec 2.2's own example of the message.
    assert.deepEqual(heard, [`${port}: 0000f20300000038ee`]);
    assert.deepEqual(log, ["the last run ended in a session: its goodbye is said now"]);
  });

  it("has nothing to say for one that left, or never joined", async () => {
    await open().lay();
    const left = open();
    left.follow(await freeUdpPort(), at());
    left.follow(0, null);
    await left.settled();
    assert.equal(await open().lay(), null);
    assert.equal(readFileSync(file(), "utf8"), "null\n");
    assert.deepEqual(log, []);
    assert.deepEqual(heard, []);
  });

  it("leaves a port alone that is somebody else's by now", async () => {
    const taken = createSocket("udp4");
    taken.bind(0);
    await once(taken, "listening");
    const killed = open();
    killed.follow(taken.address().port, at());
    await killed.settled();
    assert.equal(await open().lay(), null);
    taken.close();
    assert.deepEqual(log, ["the last run ended in a session: no goodbye, EADDRINUSE"]);
    assert.deepEqual(heard, []);
  });

  it("takes a damaged file for none, and says so", async () => {
    for (const text of ["", "{", '{"port":70000,"server":{"address":"127.0.0.1","port":1}}', '{"port":1}']) {
      writeFileSync(file(), text);
      await open().lay();
    }
    assert.deepEqual(
      log,
      Array(4).fill(`${file()} cannot be read, so no goodbye is said late: it is damaged`),
    );
  });

  it("writes once what stays the same, and complains once of a bad disk", async () => {
    writeFileSync(join(folder, "no-folder"), "");
    const ghost = open(join(folder, "no-folder"));
    for (let i = 0; i < 3; i++) {
      ghost.follow(4000, at());
      await ghost.settled();
    }
    assert.equal(log.length, 1);
    assert.match(log[0]!, /a crash will leave a channel on the server: (ENOTDIR|EEXIST)$/);
    assert.deepEqual(readdirSync(folder), ["no-folder"]);
  });
});
