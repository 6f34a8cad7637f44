// The card as a device: what it refuses, its crystal, and its faults while somebody is listening.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createVirtualCard } from "../../src/audio/virtual-card.js";
import { VirtualCard } from "../support/virtual-card.js";
import { ended, runPeer, startPeer } from "./peer.js";

const stereo = ["-f", "S16_LE", "-r", "48000", "-c", "2"];

describe("virtual card", () => {
  it("knows only its own rate, and works at another through plug", async () => {
    const card = new VirtualCard({ rateHz: 44100, source: { type: "impulses", interval: 4410, offset: 0 } });
    const listen = (device: string) =>
      runPeer(card, "arecord", [...stereo, "-s", "24000", "-v"], undefined, device);
    const direct = await listen(card.device);
    assert.match(direct.errors, /rate is not accurate/);
    assert.match(direct.errors, /rate +: 44100\n/);
    const plugged = await listen(`plug:${card.device}`);
    assert.equal(plugged.code, 0, plugged.errors);
    assert.doesNotMatch(plugged.errors, /not accurate/);
    const loud: number[] = [];
    for (let i = 0; i < 24000; i++) {
      const value = Math.abs(plugged.output.readInt16LE(i * 4));
      if (value > 8000 && i - (loud.at(-1) ?? -100) > 20) loud.push(i);
    }
    assert.ok(loud.length >= 4, `${loud.length} impulses`);
    // ALSA's rate converter keeps its own time to about a thousandth.
    for (let i = 1; i < loud.length; i++) assert.ok(Math.abs(loud[i]! - loud[i - 1]! - 4800) <= 5, `${loud}`);
    card.remove();
  });

  it("knows only its own formats and channels", async () => {
    const card = new VirtualCard({ formats: ["S24_3LE"], channels: { min: 8, max: 8 } });
    const wrongFormat = await runPeer(card, "arecord", [
      "-f",
      "S16_LE",
      "-r",
      "48000",
      "-c",
      "8",
      "-s",
      "480",
    ]);
    assert.equal(wrongFormat.code, 1);
    assert.match(wrongFormat.errors, /format non available/);
    const wrongChannels = await runPeer(card, "arecord", [
      "-f",
      "S24_3LE",
      "-r",
      "48000",
      "-c",
      "2",
      "-s",
      "480",
    ]);
    assert.match(wrongChannels.errors, /count non available/);
    const right = await runPeer(card, "arecord", ["-f", "S24_3LE", "-r", "48000", "-c", "8", "-s", "480"]);
    assert.equal(right.output.length, 480 * 8 * 3, right.errors);
    card.remove();
  });

  it("runs as fast as its crystal", async () => {
    const card = new VirtualCard({ ppm: 50000 });
    const before = process.hrtime.bigint();
    const { code } = await runPeer(card, "arecord", [...stereo, "-s", "50400"]);
    const seconds = Number(process.hrtime.bigint() - before) / 1e9;
    assert.equal(code, 0);
    // At its nominal rate, 50,400 frames would need 1.05 s.
    assert.ok(seconds >= 1, `${seconds} s`);
    const expected = Number(process.hrtime.bigint() - card.epochNs("capture")) * 48e-6 * 1.05;
    assert.ok(Math.abs(card.currentFrame("capture") - expected) < 480);
    card.remove();
  });

  it("pulled out, ends a listener with an error; back in, works again", async () => {
    const card = new VirtualCard();
    const peer = startPeer(card, "arecord", stereo);
    const end = ended(peer);
    await once(peer.stdout, "data");
    card.pullOut();
    const pulled = await end;
    assert.equal(pulled.code, 1);
    assert.match(pulled.errors, /No such device/);
    const absent = await runPeer(card, "arecord", [...stereo, "-s", "480"]);
    assert.match(absent.errors, /audio open error: No such device/);
    card.plugIn();
    const back = await runPeer(card, "arecord", [...stereo, "-s", "480"]);
    assert.equal(back.code, 0, back.errors);
    assert.equal(back.output.length, 480 * 4);
    card.remove();
  });

  it("is busy on one side only", async () => {
    const card = new VirtualCard();
    card.setBusy(true, ["playback"]);
    const busy = await runPeer(card, "aplay", stereo, Buffer.alloc(4));
    assert.match(busy.errors, /audio open error: Device or resource busy/);
    assert.equal((await runPeer(card, "arecord", [...stereo, "-s", "480"])).code, 0);
    card.setBusy(false);
    assert.equal((await runPeer(card, "aplay", stereo, Buffer.alloc(4))).code, 0);
    card.remove();
  });

  it("with its clock stopped, gives nothing; started again, goes on without an xrun", async () => {
    const card = new VirtualCard();
    card.stopClock(["capture"]);
    const peer = startPeer(card, "arecord", [...stereo, "-s", "9600"]);
    const end = ended(peer);
    let heard = 0;
    peer.stdout.on("data", (bytes: Buffer) => {
      heard += bytes.length;
    });
    // Playback goes on meanwhile: it ends when 0.2 s of sound have been played.
    assert.equal((await runPeer(card, "aplay", stereo, Buffer.alloc(9600 * 4))).code, 0);
    assert.equal(heard, 0);
    card.startClock(["capture"]);
    const { code, output, errors } = await end;
    assert.equal(code, 0, errors);
    assert.equal(output.length, 9600 * 4);
    assert.equal(card.xruns("capture"), 0);
    card.remove();
  });

  it("suspended, stops a listener until resumed", async () => {
    const card = new VirtualCard({ source: { type: "impulses", interval: 100, offset: 0 } });
    const peer = startPeer(card, "arecord", [...stereo, "-s", "24000"]);
    const end = ended(peer);
    await once(peer.stdout, "data");
    card.setSuspended(true);
    await once(peer.stderr, "data"); // arecord says that it tries to resume
    card.setSuspended(false);
    const { code, output, errors } = await end;
    assert.equal(code, 0, errors);
    assert.equal(output.length, 24000 * 4);
    card.remove();
  });

  it("cannot be made where ALSA could not read its path", () => {
    const folder = mkdtempSync(join(tmpdir(), "plugjam-odd-"));
    assert.throws(() => createVirtualCard(join(folder, "a b")), /odd character/);
    rmSync(folder, { recursive: true });
  });
});
