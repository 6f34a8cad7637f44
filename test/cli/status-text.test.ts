// The status as a person reads it.

import assert from "node:assert/strict";
import { statusText } from "../../src/cli/status-text.js";
import type { AudioStatus, ConnectionStatus, Status } from "../../src/core/status.js";
import { FakeBox } from "../control/fake-box.js";

describe("status text", () => {
  const plain = new FakeBox().status();
  const server = { name: "School", address: "192.0.2.7" };

  function row(name: string, change: Partial<Status>): string | undefined {
    const lines = statusText({ ...plain, ...change }).split("\n");
    return lines.find((line) => line.startsWith(`${name} `))?.slice(12);
  }

  const connection = (change: Partial<ConnectionStatus>) =>
    row("Connection", { connection: { ...plain.connection, ...change } });
  const delay = (change: Partial<ConnectionStatus>) =>
    row("Delay", { connection: { ...plain.connection, ...change } });
  const card = (change: Partial<AudioStatus>) => row("Sound card", { audio: { ...plain.audio, ...change } });

  it("tells where the box is", () => {
    const musician = { id: 0, name: "Ann", instrument: "", city: "" };
    assert.equal(connection({ state: "idle" }), "none");
    assert.equal(connection({ state: "idle", reason: "it records" }), "none: it records");
    assert.equal(connection({ state: "connecting", server }), "connecting to School");
    assert.equal(connection({ state: "connected", server, clients: [musician] }), "on School, 1 musician");
    assert.equal(
      connection({ state: "connected", server, clients: [musician, musician] }),
      "on School, 2 musicians",
    );
    assert.equal(
      connection({ state: "waiting", server, reason: "The server is full." }),
      "waiting for School: The server is full.",
    );
    assert.equal(connection({ state: "leaving", server }), "leaving School");
  });

  it("tells whether it is recorded and muted", () => {
    for (const recording of ["yes", "no", "unknown"] as const) {
      assert.equal(row("Recording", { privacy: { ...plain.privacy, recording } }), recording);
    }
    assert.equal(row("Muted", {}), "no");
    assert.equal(
      row("Muted", { muted: { on: true, by: ["musician", "consent"] } }),
      "yes, by musician and consent",
    );
  });

  it("tells how the sound card is", () => {
    assert.equal(card({}), "off");
    const running = { state: "running", device: "hw:1", periods: 2, periodFrames: 64 } as const;
    assert.equal(card(running), "hw:1, 2 periods of 64 frames");
    assert.equal(card({ ...running, note: "44.1 kHz" }), "hw:1, 2 periods of 64 frames (44.1 kHz)");
    assert.equal(card({ state: "failed", device: "hw:1", note: "hw:1: busy" }), "hw:1: busy");
  });

  it("tells of a hub who is there and whether it records, and of one that does not play nothing else", () => {
    const up = { state: "up", trouble: null, clients: [{}, {}], port: 22124, recorderTrouble: null };
    const hub = (change: object) => ({ hub: { ...up, recording: "off", writing: false, ...change } });
    assert.equal(row("Hub", hub({})), "up, 2 here, port 22124");
    assert.equal(row("Hub", hub({ state: "failed", trouble: "no such address" })), "no such address");
    assert.equal(row("Hub records", hub({})), "no");
    assert.equal(row("Hub records", hub({ recorderTrouble: "The disk is full." })), "no: The disk is full.");
    assert.equal(row("Hub records", hub({ recording: "announcing" })), "soon");
    assert.equal(row("Hub records", hub({ recording: "on" })), "as soon as somebody plays");
    assert.equal(row("Hub records", hub({ recording: "on", writing: true })), "yes");
    assert.equal(row("Recording", { ...hub({}), role: "both" }), "unknown");
    assert.equal(row("Recording", { ...hub({}), role: "hub" }), undefined);
    assert.equal(row("Hub", {}), undefined);
  });

  it("tells the delay and the trouble", () => {
    assert.equal(delay({}), "unknown");
    assert.equal(delay({ delayMs: 31.4 }), "31 ms");
    assert.equal(delay({ delayMs: 31.4, pingMs: 12.3 }), "31 ms, of which 12 ms are the network's");
    const audio = { ...plain.audio, xruns: 3, concealed: 2, late: 1, lost: 4 };
    assert.equal(row("Xruns", { audio }), "3");
    assert.equal(row("Network", { audio }), "2 concealed, 1 late, 4 lost");
  });
});
