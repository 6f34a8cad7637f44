// The recorder's adapter: what the addon tells becomes project files, sentences and a quiet end.

import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NativeRecorderNotice, NativeRecorderObject } from "../../src/audio/addon.js";
import { NativeRecorder, type RecordingOptions, troubleOf } from "../../src/audio/native-recorder.js";
import type { RecordedFile } from "../../src/audio/recorder-projects.js";
import { ManualClock } from "../support/manual-clock.js";
import { until } from "../support/until.js";

const name = "Jam-20261125-183000250";

class FakeNative implements NativeRecorderObject {
  readonly calls: string[] = [];
  takesOrders = true;
  tell: (notice: NativeRecorderNotice) => void = () => {};
  start(): void {
    this.calls.push("start");
  }
  stop(): boolean {
    return this.#order("stop");
  }
  newSession(): boolean {
    return this.#order("new");
  }
  include(slot: number, label: string): boolean {
    return this.#order(`include ${slot} ${label}`);
  }
  exclude(slot: number): boolean {
    return this.#order(`exclude ${slot}`);
  }
  close(): void {
    this.calls.push("close");
  }
  #order(call: string): boolean {
    this.calls.push(call);
    return this.takesOrders;
  }
}

describe("native recorder", () => {
  let folder: string;
  let native: FakeNative;
  let clock: ManualClock;
  let notices: unknown[];
  let log: string[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "plugjam-test-"));
    native = new FakeNative();
    clock = new ManualClock();
    notices = [];
    log = [];
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  function record(changed: Partial<RecordingOptions> = {}): NativeRecorder {
    const options: RecordingOptions = {
      folder,
      bits: 16,
      names: false,
      keepDays: 0,
      clock,
      logger: {
        info: (text: unknown) => void log.push(String(text)),
        warn: (text: unknown) => void log.push(String(text)),
      },
      onNotice: (notice) => void notices.push(notice),
      ...changed,
    };
    return new NativeRecorder(options, (onNotice) => {
      native.tell = onNotice;
      return native;
    });
  }

  function show(files: readonly Partial<RecordedFile>[], missing = 0): void {
    native.tell({
      kind: "session",
      session: {
        folder: name,
        files: files.map((file) => ({
          name: "a.wav",
          label: "a",
          slot: 0,
          start: 0,
          frames: 48_000,
          ...file,
        })),
        gaps: missing > 0 ? [{ start: 0, frames: missing }] : [],
      },
    });
  }

  async function close(recorder: NativeRecorder): Promise<void> {
    const closed = recorder.close();
    native.tell({ kind: "closed" });
    await closed;
  }

  it("passes orders on, and names only where they are wanted", () => {
    const anonymous = record();
    anonymous.start();
    anonymous.include(3, "Anna");
    anonymous.newSession();
    anonymous.exclude(3);
    anonymous.stop();
    record({ names: true }).include(3, "Anna");
    assert.deepEqual(native.calls, [
      "start",
      "include 3 musician",
      "new",
      "exclude 3",
      "stop",
      "include 3 Anna",
    ]);
  });

  it("holds a mixer that takes no orders for a bug", () => {
    native.takesOrders = false;
    assert.throws(() => record().include(1, ""), /takes no orders/);
  });

  it("tells when it writes, and in a sentence why it stopped", () => {
    record();
    native.tell({ kind: "writing", writing: true });
    native.tell({ kind: "writing", writing: false });
    native.tell({ kind: "failed", code: "ENOSPC" });
    assert.deepEqual(notices, [
      { kind: "writing", writing: true },
      { kind: "writing", writing: false },
      { kind: "failed", reason: "The disk is full." },
    ]);
    for (const code of ["ENOSPC", "EFBIG", "ENOENT", "EROFS", "EIO"])
      assert.match(troubleOf(code), /^The [^.]+\.$/);
    assert.match(troubleOf("EIO"), /EIO/);
  });

  it("keeps both project files beside a session as it goes on, and leaves no drafts", async () => {
    const recorder = record();
    mkdirSync(join(folder, name));
    show([{ frames: 0 }]);
    const list = join(folder, name, `${name}.lof`);
    await until("the list is there", () => existsSync(list));
    for (let i = 1; i <= 20; ++i) show([{ frames: 480 * i }, { name: "b.wav", start: 64 }]);
    await close(recorder);
    assert.deepEqual(readdirSync(join(folder, name)).sort(), [`${name}.lof`, `${name}.rpp`]);
    assert.match(readFileSync(list, "utf8"), /"b.wav" offset 0.001333333/);
    assert.match(readFileSync(join(folder, name, `${name}.rpp`), "utf8"), /LENGTH 0.200000000\n/);
    assert.deepEqual(log, []);
  });

  it("does not bring a deleted session back", async () => {
    const recorder = record();
    show([{}]);
    await close(recorder);
    assert.deepEqual(readdirSync(folder), []);
  });

  it("warns of each gap once", async () => {
    const recorder = record();
    show([{}], 24_000);
    show([{}], 24_000);
    show([{}], 48_000);
    await close(recorder);
    assert.deepEqual(log, [
      "the disk was too slow: 0.50 s are missing from the recording",
      "the disk was too slow: 1.00 s are missing from the recording",
    ]);
  });

  it("resolves its close when the addon has written all, not before", async () => {
    const recorder = record();
    let closed = false;
    const closing = recorder.close().then(() => {
      closed = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(closed, false);
    native.tell({ kind: "closed" });
    await closing;
    assert.equal(clock.pending, 0);
  });

  it("makes the folder for recordings, and says where it cannot", async () => {
    await close(record({ folder: join(folder, "deep", "down") }));
    assert.ok(existsSync(join(folder, "deep", "down")));
    writeFileSync(join(folder, "file"), "");
    await close(record({ folder: join(folder, "file", "deep") }));
    assert.deepEqual(log, ["the folder for recordings cannot be made: ENOTDIR"]);
  });

  it("deletes what is old when it starts, and once a day", async () => {
    const old = join(folder, "Jam-20200101-000000000");
    const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);
    let now = inDays(0);
    mkdirSync(old);
    const recorder = record({ keepDays: 3, wallClock: () => now });
    now = inDays(4);
    clock.advance(86_399_999);
    assert.ok(existsSync(old), "it was changed just now");
    clock.advance(1);
    await until("the old session is gone", () => !existsSync(old));
    await close(recorder);
    assert.equal(clock.pending, 0);
    assert.deepEqual(log, ["deleted recordings older than 3 days: 1"]);
  });

  it("spares the session that is being written, and none that it wrote before", async () => {
    const [before, present] = ["Jam-20200101-000000000", "Jam-20200101-010000000"];
    const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);
    let now = inDays(0);
    const recorder = record({ keepDays: 3, wallClock: () => now });
    for (const session of [before, present]) {
      mkdirSync(join(folder, session));
      native.tell({ kind: "session", session: { folder: session, files: [], gaps: [] } });
    }
    native.tell({ kind: "writing", writing: true });
    now = inDays(4);
    clock.advance(86_400_000);
    await until("the old session is gone", () => !existsSync(join(folder, before)));
    await close(recorder);
    assert.ok(existsSync(join(folder, present)));
    assert.deepEqual(log, ["deleted recordings older than 3 days: 1"]);
  });
});
