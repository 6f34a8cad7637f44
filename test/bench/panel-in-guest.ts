// In the guest: presses the buttons of an unchanged box that plays, and watches its lights and its packets.

import { createSocket } from "node:dgram";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { ButtonName } from "../../src/core/event.js";
import { SimulatedPi } from "../kernel/simulated-pi.js";
import { TestBox } from "../support/box.js";
import { startJamulusServer } from "../support/jamulus.js";
import { launch, stopAllProcesses } from "../support/process.js";
import { mainThreadMs, residentMb } from "../support/process-cost.js";
import { until } from "../support/until.js";

export interface PanelFigures {
  /** `missed`: presses that had no effect within seconds. */
  readonly waits: readonly {
    readonly what: string;
    readonly load: string;
    readonly ms: readonly number[];
    readonly missed: number;
  }[];
  readonly costs: readonly { readonly what: string; readonly percent: number; readonly residentMb: number }[];
}

const presses = 30;
const heldMs = 100;
const patienceMs = 3_000;
const quietMs = 1_000;
const costMs = 20_000;

const pi = new SimulatedPi();
const server = await startJamulusServer({ fastUpdate: true });
const waits: PanelFigures["waits"][number][] = [];
const costs: PanelFigures["costs"][number][] = [];

/** Stereo and high are what a box plays if not told otherwise, and the most it can have to do. */
function startBox(address: string, card: string, panel: "auto" | "off"): Promise<TestBox> {
  return TestBox.start({
    config: `
      [[server]]
      name = "Cellar"
      address = "${address}"
      [audio]
      device = "hw:${card}"
      period = 64
      periods = 4
      channels = "stereo"
      quality = "high"
      [panel]
      gpio = "${panel}"
      display = "${panel}"
    `,
  });
}

/** A press at a moment that no blink and no period is in step with; gives the time of its last edge. */
async function press(button: ButtonName): Promise<number> {
  await sleep(150 + Math.random() * 200);
  pi.hold(button);
  await sleep(heldMs);
  const atMs = performance.now();
  pi.release(button);
  return atMs;
}

/**
 * How long until the light is like this; to the millisecond, since to watch more closely would be a load. NaN: it has
 * not become so in seconds.
 */
async function lightMs(led: "link" | "muted", lit: boolean, sinceMs: number): Promise<number> {
  while (pi.lit(led) !== lit) {
    if (performance.now() > sinceMs + patienceMs) return Number.NaN;
    await sleep(1);
  }
  return performance.now() - sinceMs;
}

function report(load: string, waited: Readonly<Record<string, readonly number[]>>): void {
  for (const [what, all] of Object.entries(waited)) {
    const ms = all.filter((each) => !Number.isNaN(each));
    waits.push({ what, load, ms, missed: all.length - ms.length });
  }
}

async function muteAndLeave(load: string): Promise<void> {
  const box = await startBox(`127.0.0.1:${server.port}`, "Loopback,0,0", "auto");
  await box.reaches("on its card", ({ audio }) => audio.state === "running");
  await box.press("connect");
  await box.plays();
  const [mute, leave, join]: [number[], number[], number[]] = [[], [], []];
  for (let time = 0; time < presses; time++) {
    const wanted = !pi.lit("muted");
    mute.push(await lightMs("muted", wanted, await press("mute")));
  }
  for (let time = 0; time < presses; time++) {
    leave.push(await lightMs("link", false, await press("connect")));
    if (Number.isNaN(leave.at(-1))) continue;
    await box.reaches("out", ({ connection }) => connection.state === "idle");
    do join.push(await lightMs("link", true, await press("connect")));
    while (Number.isNaN(join.at(-1)));
    await box.plays();
  }
  await box.stop();
  report(load, {
    "MUTE let go, MUTE light on or off": mute,
    "CONNECT let go in a session, LINK light off": leave,
    "CONNECT let go, LINK light on": join,
  });
}

/** At a server that never answers, beside a box that plays. */
async function firstPacket(load: string): Promise<void> {
  const other = await startBox(`127.0.0.1:${server.port}`, "Loopback,0,1", "off");
  await other.reaches("on its card", ({ audio }) => audio.state === "running");
  const silent = createSocket("udp4").bind(0, "127.0.0.1");
  await once(silent, "listening");
  let heardMs: number[] = [];
  silent.on("message", () => heardMs.push(performance.now()));
  const box = await startBox(`127.0.0.1:${silent.address().port}`, "Loopback,0,0", "auto");
  await box.reaches("on its card", ({ audio }) => audio.state === "running");
  await other.press("connect");
  await other.plays();
  const [packet, light]: [number[], number[]] = [[], []];
  for (let time = 0; time < presses; time++) {
    // Goodbyes to one who does not answer are said several times.
    await until("quiet", () => performance.now() > (heardMs.at(-1) ?? 0) + quietMs);
    heardMs = [];
    const atMs = await press("connect");
    light.push(await lightMs("link", true, atMs));
    while (heardMs.length === 0 && performance.now() < atMs + patienceMs) await sleep(1);
    packet.push((heardMs[0] ?? Number.NaN) - atMs);
    if (Number.isNaN(light.at(-1))) continue;
    await box.control.call("disconnect", {});
    await box.reaches("out", ({ connection }) => connection.state === "idle");
  }
  await box.stop();
  await other.stop();
  silent.close();
  report(load, {
    "CONNECT let go, first packet": packet,
    "CONNECT let go, LINK light on, no answer yet": light,
  });
}

async function cost(what: string, { process: { pid } }: TestBox): Promise<void> {
  const [beforeMs, beganMs] = [mainThreadMs(pid), performance.now()];
  await sleep(costMs);
  const percent = (100 * (mainThreadMs(pid) - beforeMs)) / (performance.now() - beganMs);
  costs.push({ what, percent, residentMb: residentMb(pid) });
}

async function measureCosts(): Promise<void> {
  const lost = await startBox(`127.0.0.1:${server.port}`, "Nowhere", "auto");
  await lost.reaches("without a card", ({ panel }) => panel.leds.link === "fast-blink");
  await cost("LINK blinks 5 times a second, no sound card", lost);
  await lost.stop();
  const box = await startBox(`127.0.0.1:${server.port}`, "Loopback,0,0", "auto");
  await box.reaches("on its card", ({ audio }) => audio.state === "running");
  await cost("nothing moves", box);
  await box.press("connect");
  await box.plays();
  await cost("it plays, and the display draws meters", box);
  await box.stop();
}

// What support/process.ts starts keeps no program alive.
setInterval(() => undefined, 3_600_000);
await measureCosts();
await muteAndLeave("its own sound");
await firstPacket("another box");
launch(process.execPath, ["-e", "for (;;);"]);
await muteAndLeave("its own sound, a busy process");
await firstPacket("another box, a busy process");
await stopAllProcesses();
writeFileSync("/mnt/outcomes", JSON.stringify({ waits, costs } satisfies PanelFigures));
process.exit();
