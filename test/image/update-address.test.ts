// Updates from a web server: read as they come, cut off, unchanged, and servers that say no.

import assert from "node:assert/strict";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { fromAddress } from "../../image/update/address.js";
import { realDisk } from "../../image/update/disk.js";
import { download } from "../../image/update/download.js";
import { thisMachine } from "../../image/update/machine.js";
import { SourceLost } from "../../image/update/updater.js";
import { ControlServer } from "../../src/control/control-server.js";
import { systemClock } from "../../src/lib/clock.js";
import { FakeBox } from "../control/fake-box.js";
import { until } from "../support/until.js";
import { bundleOf, connectedStatus, idleStatus, makeSystem, Rig } from "./update-rig.js";

const present = makeSystem("0.2.0", 1);
const older = makeSystem("0.1.0", 2);
const newer = makeSystem("0.3.0", 3);

describe("update from an address", () => {
  let bundle: Buffer;
  let rig: Rig;
  let server: Server;
  let url: string;
  let asked: IncomingMessage[];
  let answer: (request: IncomingMessage, response: ServerResponse) => void;

  before(async () => {
    bundle = await bundleOf(newer);
  });
  beforeEach(async () => {
    rig = new Rig(present, older);
    rig.systems.push(newer);
    asked = [];
    server = createServer((request, response) => {
      asked.push(request);
      answer(request, response);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/plugjam.plugjam`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
    rig.remove();
  });

  const update = (from = url) => fromAddress(rig.updater, realDisk, rig.layout, from);

  /** As a file server does. */
  function serve(contents: Buffer, etag: string): void {
    answer = (request, response) => {
      if (request.headers["if-none-match"] === etag) response.writeHead(304).end();
      else response.writeHead(200, { ETag: etag, "Content-Length": contents.length }).end(contents);
    };
  }

  it("takes what is new there", async () => {
    serve(bundle, '"3"');
    assert.deepEqual(await update(), { kind: "trying" });
    assert.equal(rig.restart(), "b");
  });

  it("follows to where it has moved", async () => {
    answer = (request, response) => {
      if (request.url === "/moved") response.writeHead(200).end(bundle);
      else response.writeHead(302, { Location: "/moved" }).end();
    };
    assert.deepEqual(await update(), { kind: "trying" });
  });

  it("does not fetch again what it does not want, until that changes", async () => {
    serve(await bundleOf(older), '"1"');
    const first = await update();
    assert.ok(first.kind === "refused" && first.isFinal);
    assert.deepEqual(await update(), { kind: "idle" });
    assert.equal(asked[1]?.headers["if-none-match"], '"1"');
    serve(bundle, '"3"');
    assert.deepEqual(await update(), { kind: "trying" });
  });

  it("asks anew where the address is another one", async () => {
    serve(await bundleOf(older), '"1"');
    await update();
    await update(`${url}?other`);
    assert.equal(asked[1]?.headers["if-none-match"], undefined);
  });

  it("ends the download of what it does not want", async () => {
    const old = await bundleOf({ ...older, root: Buffer.alloc(64 * 1024 * 1024, 1) });
    let sent = 0;
    let isClosed = false;
    answer = (_, response) => {
      response.on("close", () => {
        isClosed = true;
        sent = response.socket?.bytesWritten ?? sent;
      });
      response.writeHead(200, { ETag: '"1"' });
      response.end(old);
    };
    const outcome = await update();
    assert.ok(outcome.kind === "refused" && /not newer/.test(outcome.reason));
    await until("the end of the download", () => isClosed);
    assert.ok(sent < old.length / 2, `${sent} bytes were sent`);
  });

  it("does not ask while somebody plays", async () => {
    rig.status = connectedStatus();
    assert.equal((await update()).kind, "refused");
    assert.equal(asked.length, 0);
    rig.status = idleStatus();
  });

  it("asks for all again after a download that was cut off", async () => {
    answer = (_, response) => {
      response.writeHead(200, { ETag: '"3"', "Content-Length": bundle.length });
      response.write(bundle.subarray(0, bundle.length / 2), () => response.destroy());
    };
    const end = await update();
    assert.ok(end.kind === "refused" && /broke off.*again later/.test(end.reason) && !end.isFinal);
    assert.equal(rig.isWritable, false);
    assert.equal(rig.restart("power"), "a");
    serve(bundle, '"3"');
    assert.deepEqual(await update(), { kind: "trying" });
  });

  it("does not take a slow card for a silent server, but a silent server for one that is gone", async () => {
    const patienceMs = 200;
    serve(bundle, '"5"');
    const whole = await download(url, null, patienceMs);
    assert.ok(whole && "source" in whole);
    let bytes = 0;
    for await (const chunk of whole.source.read()) {
      bytes += chunk.length;
      await sleep(2 * patienceMs);
    }
    assert.equal(bytes, bundle.length);
    answer = (_, response) => void response.writeHead(200).write(bundle.subarray(0, 1000));
    const half = await download(url, null, patienceMs);
    assert.ok(half && "source" in half);
    await assert.rejects(async () => {
      for await (const _ of half.source.read());
    }, SourceLost);
  });

  it("says what a server's no means", async () => {
    answer = (_, response) => response.writeHead(404).end("nothing");
    const none = await update();
    assert.ok(none.kind === "refused" && /answers 404: check url under \[update\]/.test(none.reason));
    server.closeAllConnections();
    server.close();
    await once(server, "close");
    const gone = await update();
    assert.ok(gone.kind === "refused" && /does not answer \(ECONNREFUSED\)/.test(gone.reason));
    const odd = await update("no address");
    assert.ok(odd.kind === "refused" && !odd.isFinal);
  });
});

describe("update's questions to the box", () => {
  it("are answered by its control socket, and by nobody where there is none", async () => {
    const rig = new Rig(present, older);
    const { socket } = rig.layout;
    const box = new FakeBox();
    const logger = { warn: () => {}, error: () => {} };
    assert.equal(await thisMachine.boxStatus(socket), null);
    const server = new ControlServer({ path: socket, box, clock: systemClock, logger });
    try {
      assert.equal(await server.start(), null);
      assert.equal((await thisMachine.boxStatus(socket))?.connection.state, "connected");
    } finally {
      await server.stop();
      rmSync(rig.folder, { recursive: true });
    }
  });

  it("are answered by partitions and folders, too", async () => {
    const rig = new Rig(present, older);
    try {
      assert.equal(await thisMachine.partitionBytes(rig.layout.root.a), 256 * 1024);
      assert.ok((await thisMachine.freeBytes(rig.folder)) > 0);
      assert.equal(thisMachine.noTrial(), null);
    } finally {
      rig.remove();
    }
  });
});
