// A finger presses CONNECT, and the box plays on a real Jamulus server: from its buttons to its card, nothing between is a stand-in
// but the hardware.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Status } from "../../../src/core/status.js";
import { startJamulusServer } from "../../support/jamulus.js";
import { stopAllProcesses } from "../../support/process.js";
import { until } from "../../support/until.js";
import { CardBox } from "../emulator/image.js";
import { Machine } from "../emulator/machine.js";
import { Pins, pinsDisk } from "../emulator/pins.js";
import type { Shell } from "../emulator/shell.js";

const toneHz = 1_000;
const rateHz = 48_000;
const patience = { deadlineMs: 180_000, everyMs: 2_000 };

/** The emulated USB card only plays, so what the box hears comes from the kernel's loopback card. */
const configuration = (port: number) => `
[profile]
name = "Emulated"
[[server]]
name = "Host"
address = "10.0.2.2:${port}"
[audio]
capture = "plughw:CARD=Loopback,DEV=1"
playback = "plughw:CARD=Audio"
period = 256
periods = 8
jitter = 20
channels = "mono-in-stereo-out"
quality = "low"
[panel]
voice = false
`;

const tone = `node -e '
  const bytes = Buffer.alloc(2 * ${rateHz} * 60);
  for (let i = 0; i < bytes.length / 2; i++) bytes.writeInt16LE(Math.round(12000 * Math.sin(2 * Math.PI * ${toneHz} * i / ${rateHz})), 2 * i);
  require("fs").writeFileSync("/run/tone", bytes)'`;

describe("image, playing", function () {
  this.timeout(40 * 60_000);
  const cards = new CardBox();
  const folder = mkdtempSync(path.join(tmpdir(), "plugjam-heard-"));
  afterEach(stopAllProcesses);
  after(() => {
    cards.remove();
    rmSync(folder, { recursive: true });
  });

  it("joins at the press of a button, plays through a USB card, gets over the loss of it, and switches itself off", async () => {
    const card = cards.written();
    const disk = await pinsDisk(card.kernelVersion("a"));
    const server = await startJamulusServer();
    const heard = path.join(folder, "heard.wav");
    const machine = Machine.boot({
      card,
      args: [
        ...["-drive", `if=none,id=pins,format=raw,readonly=on,file=${disk}`],
        ...["-device", "virtio-blk-pci,drive=pins,num-queues=1", "-device", "qemu-xhci"],
        ...["-audiodev", `wav,id=sound,path=${heard},out.frequency=${rateHz},timer-period=1000`],
        ...["-device", "usb-audio,audiodev=sound,id=usbcard"],
      ],
    });
    await machine.ready();
    const shell = await machine.shell();
    const pins = await Pins.plugIn(shell, "/dev/vdb");
    await shell.output(`${tone} && modprobe snd-aloop && amixer -q -c Audio sset PCM 100% || true`);
    shell.say(
      "while :; do aplay -q -D plughw:CARD=Loopback,DEV=0 -f S16_LE -r 48000 -c 1 /run/tone; done >/dev/null 2>&1 &",
    );
    await shell.output(
      `cat >/etc/plugjam/plugjam.toml <<'END'\n${configuration(server.port)}\nEND\nsystemctl restart plugjam.service`,
    );
    await until("the card", async () => (await status(shell)).audio.state === "running", patience);
    assert.equal(await pins.lit("link"), false);

    await pins.press("connect");
    await until("the server to serve us", () => server.serves(["Emulated"]).then(() => true), patience);
    await until("the LINK light", () => pins.lit("link"), patience);
    await until("the tone in the WAV", () => loudest(heard) > 0.5, patience);

    const qmp = await machine.qmp();
    await qmp.command("device_del", { id: "usbcard" });
    await until("the card's loss", async () => (await status(shell)).audio.state !== "running", patience);
    const before = readFileSync(heard).length;
    await until("the card to be gone", () => qmp.events.includes("DEVICE_DELETED"), patience);
    await qmp.command("device_add", { driver: "usb-audio", audiodev: "sound", id: "usbcard" });
    await until("the card again", async () => (await status(shell)).audio.state === "running", patience);
    await until("the tone again", () => loudest(heard, before) > 0.5, patience);
    assert.equal((await status(shell)).connection.state, "connected");
    await server.serves(["Emulated"]);

    // The user plugjam asks for it, and polkit lets it. The box may be gone before the finger is.
    await pins.press("connect", 10).catch(() => {});
    await machine.ended();
    assert.ok(
      machine.console.some((line) => /Power down/.test(line)),
      machine.console.slice(-10).join("\n"),
    );
  });
});

async function status(shell: Shell): Promise<Status> {
  return JSON.parse(await shell.output("plugjam status --json")) as Status;
}

/** Of all stretches of a tenth of a second from that byte on: the largest share that the tone has in what is to be heard. */
function loudest(file: string, fromByte = 44): number {
  const bytes = readFileSync(file);
  const frames = rateHz / 10;
  let most = 0;
  for (let at = fromByte - (fromByte % 4); at + frames * 4 <= bytes.length; at += frames * 4) {
    let [real, imaginary, energy] = [0, 0, 0];
    for (let i = 0; i < frames; i++) {
      const sample = bytes.readInt16LE(at + i * 4);
      const angle = (2 * Math.PI * toneHz * i) / rateHz;
      real += sample * Math.cos(angle);
      imaginary += sample * Math.sin(angle);
      energy += sample * sample;
    }
    // Silence with a little noise is no tone.
    if (energy / frames > 100 ** 2)
      most = Math.max(most, (2 * (real ** 2 + imaginary ** 2)) / frames / energy);
  }
  return most;
}
