// The checksum against its published check value and the spec's frames.
import assert from "node:assert/strict";
import { crc16 } from "../../src/protocol/crc.js";
import { bytes } from "./vectors.js";

describe("crc16", () => {
  it("gives the check value of CRC-16/GENIBUS", () => {
    assert.equal(crc16(new TextEncoder().encode("123456789")), 0xd64e);
  });

  it("gives the checksum of a captured frame", () => {
    assert.equal(crc16(bytes("0000 f203 00 0000")), 0xee38);
  });

  it("is 0 for nothing", () => {
    assert.equal(crc16(new Uint8Array()), 0);
  });
});
