// Reading and writing at the edges: ends, limits, broken text.
import assert from "node:assert/strict";
import { ByteReader } from "../../src/protocol/byte-reader.js";
import { ByteWriter } from "../../src/protocol/byte-writer.js";
import { bytes } from "./vectors.js";

describe("ByteReader", () => {
  it("reads little-endian numbers", () => {
    const reader = new ByteReader(bytes("01 0203 04050607 ffffffff feffffff"));
    assert.deepEqual(
      [reader.u8(), reader.u16(), reader.u32(), reader.u32(), reader.i32()],
      [1, 0x0302, 0x07060504, 0xffffffff, -2],
    );
    assert.equal(reader.remaining, 0);
    assert.equal(reader.failed, false);
  });

  const reads: [string, number, (reader: ByteReader) => unknown][] = [
    ["u8", 1, (reader) => reader.u8()],
    ["u16", 2, (reader) => reader.u16()],
    ["u32", 4, (reader) => reader.u32()],
    ["i32", 4, (reader) => reader.i32()],
    ["bytes", 5, (reader) => reader.bytes(5).length],
  ];
  for (const [name, size, read] of reads) {
    it(`${name} fails on every shorter input and stays failed`, () => {
      for (let length = 0; length < size; length++) {
        const reader = new ByteReader(new Uint8Array(length).fill(0xaa));
        assert.equal(read(reader), 0);
        assert.equal(reader.failed, true);
        assert.equal(reader.remaining, 0);
        assert.equal(reader.u8(), 0);
      }
    });
  }

  it("reads text behind either length", () => {
    const reader = new ByteReader(bytes("0300 5ac3bc 02 6869"));
    assert.equal(reader.string16(2), "Zü");
    assert.equal(reader.string8(2), "hi");
    assert.equal(reader.failed, false);
  });

  it("fails when the text is shorter than its length says", () => {
    const reader = new ByteReader(bytes("0400 616263"));
    assert.equal(reader.string16(10), "");
    assert.equal(reader.failed, true);
  });

  it("counts limits in UTF-16 code units, not in bytes or characters", () => {
    const euros = bytes("0600 e282ac e282ac");
    const note = bytes("0400 f09d849e");
    assert.equal(new ByteReader(euros).string16(2), "€€");
    assert.equal(new ByteReader(note).string16(2), "𝄞");
    const reader = new ByteReader(note);
    reader.string16(1);
    assert.equal(reader.failed, true);
  });

  it("replaces what is not UTF-8 and keeps a byte order mark", () => {
    assert.equal(new ByteReader(bytes("04 61 ff c3 62")).string8(10), "a\ufffd\ufffdb");
    assert.equal(new ByteReader(bytes("04 efbbbf 61")).string8(10), "\ufeffa");
  });
});

describe("ByteWriter", () => {
  it("writes what the reader reads", () => {
    const writer = new ByteWriter();
    writer.u8(1);
    writer.u16(0x0302);
    writer.u32(0xffffffff);
    writer.i32(-2);
    writer.string16("Zü", 2);
    writer.string8("hi", 2);
    assert.deepEqual(writer.take(), bytes("01 0203 ffffffff feffffff 0300 5ac3bc 02 6869"));
  });

  it("grows", () => {
    const writer = new ByteWriter();
    for (let i = 0; i < 1000; i++) writer.u16(i);
    const reader = new ByteReader(writer.take());
    for (let i = 0; i < 1000; i++) assert.equal(reader.u16(), i);
    assert.equal(reader.remaining, 0);
  });

  it("throws on our own mistakes", () => {
    const mistakes: ((writer: ByteWriter) => void)[] = [
      (writer) => writer.u8(256),
      (writer) => writer.u16(-1),
      (writer) => writer.u32(2 ** 32),
      (writer) => writer.i32(2 ** 31),
      (writer) => writer.u8(0.5),
      (writer) => writer.u8(Number.NaN),
      (writer) => writer.string16("abc", 2),
      (writer) => writer.string8("€".repeat(100), 200),
    ];
    for (const mistake of mistakes) assert.throws(() => mistake(new ByteWriter()), RangeError);
  });
});
