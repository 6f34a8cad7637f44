// The test bed by itself: what it simulates is what a driver of the kernel would show.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import i2c from "i2c-bus";
import { describeInKernel } from "./in-kernel.js";
import { pins, SimulatedPi, simulatedDisplay } from "./simulated-pi.js";

describeInKernel(import.meta.url, "the test kernel", { virtualTime: true }, ({ before, it }) => {
  let pi: SimulatedPi;
  before(() => {
    pi = new SimulatedPi();
  });

  it("has a Pi's pins, through sysfs and as a character device", () => {
    assert.ok(pi.base > 0, `base ${pi.base}`);
    assert.ok(existsSync(pi.device));
    assert.ok(existsSync("/sys/class/gpio/export"));
  });

  it("lets a program see a button, and shows its LEDs", () => {
    const line = (pin: number) => `/sys/class/gpio/gpio${pi.base + pin}`;
    for (const pin of [pins.connect, pins.link])
      writeFileSync("/sys/class/gpio/export", String(pi.base + pin));
    const value = () => readFileSync(`${line(pins.connect)}/value`, "utf8").trim();
    assert.equal(value(), "1");
    pi.hold("connect");
    assert.equal(value(), "0");
    pi.release("connect");
    assert.equal(value(), "1");
    assert.equal(pi.lit("link"), false);
    writeFileSync(`${line(pins.link)}/direction`, "high");
    assert.equal(pi.lit("link"), true);
    for (const pin of [pins.connect, pins.link])
      writeFileSync("/sys/class/gpio/unexport", String(pi.base + pin));
  });

  it("has a display that takes pictures at the speed of its bus, and loses them with its power", () => {
    const bus = i2c.openSync(1);
    const write = (...bytes: number[]) => bus.i2cWriteSync(0x3c, bytes.length, Buffer.from(bytes));
    write(0x00, 0x20, 0, 0x21, 0, 127, 0x22, 0, 7, 0xaf);
    const picture = Buffer.from(Array.from({ length: 1024 }, (_, at) => at & 255));
    const startMs = performance.now();
    for (let at = 0; at < 1024; at += 32) write(0x40, ...picture.subarray(at, at + 32));
    const tookMs = performance.now() - startMs;
    assert.ok(tookMs >= 97 && tookMs < 120, `${tookMs} ms at 100 kHz`);
    assert.ok(simulatedDisplay.picture().equals(picture));
    assert.equal(simulatedDisplay.state().on, 1);

    simulatedDisplay.failNext(1);
    assert.throws(() => write(0x00, 0xa7), /ETIMEDOUT/);
    write(0x00, 0xa7);
    assert.equal(simulatedDisplay.state().inverted, 1);

    simulatedDisplay.unplug();
    assert.throws(() => write(0x00, 0xa6), /EREMOTEIO|Remote I\/O/);
    simulatedDisplay.plugIn();
    assert.equal(simulatedDisplay.state().on, 0);
    assert.ok(!simulatedDisplay.picture().equals(picture));
    assert.throws(() => bus.i2cWriteSync(0x3d, 1, Buffer.from([0])), /EREMOTEIO|Remote I\/O/);
    bus.closeSync();
  });

  it("has a clock that jumps to the next thing there is to do", async () => {
    const startMs = performance.now();
    await sleep(3_600_000);
    const passedMs = performance.now() - startMs;
    assert.ok(passedMs > 3_599_998 && passedMs < 3_600_200, `${passedMs} ms`);
  });

  it("has a loopback sound card", async () => {
    assert.match(readFileSync("/proc/asound/cards", "utf8"), /\[Loopback/);
    const player = spawn("aplay", [
      "-q",
      "-D",
      "hw:Loopback,0,0",
      "-f",
      "S16_LE",
      "-c2",
      "-r48000",
      "-d1",
      "/dev/zero",
    ]);
    const status = await new Promise((resolve) => player.once("close", resolve));
    assert.equal(status, 0);
  });
});
