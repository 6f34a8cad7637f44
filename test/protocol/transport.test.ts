// Sizes of audio formats against the spec's table and against captured packets.
import assert from "node:assert/strict";
import {
  announcedTransport,
  decodeMessage,
  isRaw,
  type MessageOf,
  packetBytes,
  parseEnvelope,
  type Quality,
  transportFor,
  transportProps,
} from "../../src/protocol/index.js";
import { vectors } from "./vectors.js";

const table: [blockFrames: 64 | 128, channels: 1 | 2, sizes: Record<Quality, number>][] = [
  [128, 1, { low: 25, normal: 45, high: 82, raw: 256 }],
  [128, 2, { low: 47, normal: 71, high: 165, raw: 512 }],
  [64, 1, { low: 12, normal: 22, high: 36, raw: 128 }],
  [64, 2, { low: 24, normal: 35, high: 73, raw: 256 }],
];
const choices = table.flatMap(([blockFrames, channels, sizes]) =>
  (["low", "normal", "high", "raw"] as const).flatMap((quality) =>
    ([1, 2] as const).flatMap((blocksPerPacket) =>
      [false, true].map((sequenced) => ({
        choice: { blockFrames, channels, quality, blocksPerPacket, sequenced },
        bytes: sizes[quality],
      })),
    ),
  ),
);

describe("audio formats", () => {
  it("have the sizes of the table, and are raw only if chosen so", () => {
    for (const { choice, bytes } of choices) {
      const transport = transportFor(choice);
      assert.equal(transport.blockBytes, bytes);
      assert.equal(isRaw(transport), choice.quality === "raw");
      assert.equal(packetBytes(transport), choice.blocksPerPacket * (bytes + Number(choice.sequenced)));
    }
  });

  it("survive being announced", () => {
    for (const { choice } of choices) {
      const transport = transportFor(choice);
      assert.deepEqual(announcedTransport(transportProps(transport)), transport);
    }
  });

  const audioFiles: [file: string, Parameters<typeof transportFor>[0]][] = [
    ["audio-opus64-mono-low-x1", choice(64, 1, "low", 1)],
    ["audio-opus128-mono-normal-x2", choice(128, 1, "normal", 2)],
    ["audio-opus128-stereo-low-x1", choice(128, 2, "low", 1)],
    ["audio-raw64-mono-x1", choice(64, 1, "raw", 1)],
  ];
  for (const [file, chosen] of audioFiles) {
    it(`match the packets of ${file}`, () => {
      const sizes = new Set(vectors(file).map(({ datagram }) => datagram.length));
      assert(sizes.has(packetBytes(transportFor(chosen))), [...sizes].join());
    });
  }

  it("are announced as the real programs do", () => {
    const captured = vectors("").filter(({ id }) => id === 20);
    assert(captured.length > 20);
    for (const { datagram, where } of captured) {
      const envelope = parseEnvelope(datagram);
      assert(envelope.ok);
      const decoded = decodeMessage(20, envelope.body);
      assert(decoded.ok);
      const props = decoded.message as MessageOf<"NETW_TRANSPORT_PROPS">;
      assert.deepEqual(transportProps(announcedTransport(props)!), props, where);
    }
  });

  it("know no CELT", () => {
    const props = transportProps(transportFor(choice(128, 1, "low", 1)));
    assert.equal(announcedTransport({ ...props, codec: 1 }), undefined);
  });

  it("are sequenced only if the flags are exactly 1", () => {
    const props = transportProps(transportFor(choice(128, 1, "low", 1)));
    assert.equal(announcedTransport({ ...props, flags: 3 })?.sequenced, false);
    assert.equal(announcedTransport({ ...props, flags: 3 })?.blockBytes, props.baseSize);
  });
});

function choice(blockFrames: 64 | 128, channels: 1 | 2, quality: Quality, blocksPerPacket: 1 | 2) {
  return { blockFrames, channels, quality, blocksPerPacket, sequenced: true };
}
