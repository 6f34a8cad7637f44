// What a body may hold: the first and last value accepted, and the ones just outside.
import assert from "node:assert/strict";
import { decodeMessage, encodeMessage, type Message, type MessageOf } from "../../src/protocol/index.js";
import { bytes } from "./vectors.js";

function decode(id: number, hex: string): Message | string {
  const decoded = decodeMessage(id, bytes(hex));
  return decoded.ok ? decoded.message : decoded.reason;
}

const props: MessageOf<"NETW_TRANSPORT_PROPS"> = {
  kind: "NETW_TRANSPORT_PROPS",
  baseSize: 46,
  blockFactor: 1,
  channels: 1,
  sampleRate: 48000,
  codec: 2,
  flags: 1,
  codecArgument: 0,
};

/** The same body with some of its 19 bytes changed. */
function propsBody(changes: Record<number, string>): string {
  const body = encodeMessage(props).body;
  for (const [offset, hex] of Object.entries(changes)) body.set(bytes(hex), Number(offset));
  return Buffer.from(body).toString("hex");
}

describe("validity of bodies", () => {
  const rules: [what: string, id: number, accepted: string[], refused: string[]][] = [
    ["jitter buffer 1..21", 10, ["0100", "1400", "1500"], ["0000", "1600", "ffff", "01", "010000"]],
    ["recorder state 1..3", 33, ["01", "03"], ["00", "04", "", "0101"]],
    ["empty connected messages", 21, [""], ["00"]],
    ["empty connection-less messages, with bytes too many", 1012, ["", "00", "0102030405"], []],
    ["ping", 1001, ["01020304"], ["", "010203", "0102030405"]],
    ["gain", 13, ["000000", "ffffff"], ["0000", "00000000"]],
    ["acknowledge", 1, ["2000"], ["20", "200000"]],
    ["client list", 24, ["", "00".repeat(16), "00".repeat(32)], ["00", "00".repeat(15), "00".repeat(17)]],
    ["short server list", 1018, ["", "0100007f 6c56 00"], ["0100007f 6c56", "0100007f 6c56 01"]],
    ["split part of up to 550 bytes", 2001, ["1200 02 00", `1200 02 00 ${"61".repeat(550)}`], ["1200 02"]],
    ["split part of 551 bytes", 2001, [], [`1200 02 00 ${"61".repeat(551)}`]],
    [
      "transport properties",
      20,
      [
        propsBody({ 0: "0a000000" }),
        propsBody({ 0: "204e0000" }),
        propsBody({ 4: "0200" }),
        propsBody({ 4: "0400" }),
        propsBody({ 6: "02" }),
        propsBody({ 7: "44ac0000" }),
        propsBody({ 11: "0100" }),
        propsBody({ 11: "0300" }),
        propsBody({ 13: "0700" }),
        propsBody({ 15: "ffffffff" }),
      ],
      [
        propsBody({ 0: "09000000" }),
        propsBody({ 0: "214e0000" }),
        propsBody({ 4: "0000" }),
        propsBody({ 4: "0300" }),
        propsBody({ 4: "0800" }),
        propsBody({ 6: "00" }),
        propsBody({ 6: "03" }),
        propsBody({ 11: "0000" }),
        propsBody({ 11: "0400" }),
        `${propsBody({})}00`,
        propsBody({}).slice(2),
      ],
    ],
  ];
  for (const [what, id, accepted, refused] of rules) {
    it(what, () => {
      for (const hex of accepted) assert.equal(typeof decode(id, hex), "object", hex);
      for (const hex of refused) assert.equal(decode(id, hex), "malformed", hex);
    });
  }

  const limits: [what: string, fits: Message, tooLong: Message][] = [
    [
      "names",
      { kind: "CHANNEL_INFOS", country: 0, instrument: 0, skill: 0, name: "n".repeat(16), city: "" },
      { kind: "CHANNEL_INFOS", country: 0, instrument: 0, skill: 0, name: "n".repeat(17), city: "" },
    ],
    [
      "cities",
      { kind: "CHANNEL_INFOS", country: 0, instrument: 0, skill: 0, name: "", city: "€".repeat(20) },
      { kind: "CHANNEL_INFOS", country: 0, instrument: 0, skill: 0, name: "", city: "€".repeat(21) },
    ],
    ["chat", { kind: "CHAT_TEXT", text: "€".repeat(1800) }, { kind: "CHAT_TEXT", text: "€".repeat(1801) }],
    [
      "versions",
      { kind: "VERSION_AND_OS", os: 2, version: "3".repeat(50) },
      { kind: "VERSION_AND_OS", os: 2, version: "3".repeat(51) },
    ],
    [
      "server names in the short list",
      { kind: "CLM_RED_SERVER_LIST", servers: [{ address: "1.2.3.4", port: 1, serverName: "s".repeat(20) }] },
      { kind: "CLM_RED_SERVER_LIST", servers: [{ address: "1.2.3.4", port: 1, serverName: "s".repeat(21) }] },
    ],
  ];
  for (const [what, fits, tooLong] of limits) {
    it(`the longest ${what} pass, one more is our bug`, () => {
      const { id, body } = encodeMessage(fits);
      assert.deepEqual(decodeMessage(id, body), { ok: true, message: fits });
      assert.throws(() => encodeMessage(tooLong), RangeError);
    });
  }

  it("refuses a text one too long from outside", () => {
    const text = Buffer.from("x".repeat(1801));
    const body = Buffer.concat([bytes("0907"), text]);
    assert.deepEqual(decodeMessage(18, body), { ok: false, reason: "malformed" });
  });

  it("refuses to write what no receiver accepts", () => {
    const wrong: Message[] = [
      { kind: "JITT_BUF_SIZE", blocks: 22 },
      { kind: "RECORDER_STATE", state: 0 },
      { ...props, blockFactor: 3 },
      { ...props, baseSize: 9 },
      { kind: "CHANNEL_GAIN", channel: 0, gain: 2 },
      { kind: "CHANNEL_GAIN", channel: 0, gain: -0.1 },
      { kind: "CHANNEL_PAN", channel: 256, pan: 0 },
      { kind: "CLM_SEND_EMPTY_MESSAGE", address: "1.2.3", port: 1 },
      { kind: "CLM_SEND_EMPTY_MESSAGE", address: "1.2.3.256", port: 1 },
      { kind: "CLM_SEND_EMPTY_MESSAGE", address: "1.2.3.", port: 1 },
      { kind: "CLM_CHANNEL_LEVEL_LIST", levels: [10] },
      { kind: "CLM_CHANNEL_LEVEL_LIST", levels: new Array(151).fill(0) },
    ];
    for (const message of wrong) assert.throws(() => encodeMessage(message), RangeError, message.kind);
  });

  it("takes any other byte than 0 for yes", () => {
    assert.deepEqual(decode(31, "07 02"), { kind: "MUTE_STATE_CHANGED", channel: 7, muted: true });
  });

  it("cuts gains to steps of 1/32768, as Jamulus does", () => {
    assert.deepEqual(
      encodeMessage({ kind: "CHANNEL_GAIN", channel: 1, gain: 0.19953 }).body,
      bytes("01 8a19"),
    );
    assert.deepEqual(decode(13, "01 ffff"), { kind: "CHANNEL_GAIN", channel: 1, gain: 65535 / 32768 });
  });

  it("does not know obsolete, illegal and future IDs", () => {
    for (const id of [0, 2, 9, 12, 14, 15, 17, 19, 22, 37, 999, 1000, 1023, 1999, 2000, 2002, 65535]) {
      assert.equal(decode(id, ""), "unknown-id", `${id}`);
    }
  });
});

describe("level list", () => {
  const cases: [hex: string, levels: number[]][] = [
    ["", []],
    ["f0", [0]],
    ["37", [7, 3]],
    ["37 f9", [7, 3, 9]],
    ["f7 33 33", [7]],
    ["af", [9, 9]],
    ["00".repeat(75), new Array(150).fill(0)],
  ];
  for (const [hex, levels] of cases) {
    it(`of ${levels.length} from ${hex.length > 20 ? "75 bytes" : `"${hex}"`}`, () => {
      assert.deepEqual(decode(1015, hex), { kind: "CLM_CHANNEL_LEVEL_LIST", levels });
    });
  }

  it("of 151 or 152 is refused", () => {
    assert.equal(decode(1015, `${"00".repeat(75)}f0`), "malformed");
    assert.equal(decode(1015, "00".repeat(76)), "malformed");
  });
});
