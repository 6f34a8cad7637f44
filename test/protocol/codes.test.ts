// The code tables against the captured ones, and versions.
import assert from "node:assert/strict";
import {
  compareVersions,
  countryByCode,
  cutText,
  findCountry,
  hasSequenceNumbers,
  instrumentCode,
  instrumentName,
  parseVersion,
} from "../../src/protocol/index.js";
import { fixture } from "./vectors.js";

describe("countries", () => {
  const entries = fixture("country-codes.json") as { wire: number; iso: string; name: string }[];

  it("are the captured table", () => {
    assert.equal(entries.length, 262);
    for (const { wire, iso, name } of entries.slice(1)) {
      assert.deepEqual(countryByCode(wire), { code: wire, iso, name });
      assert.equal(findCountry(iso.toLowerCase())?.code, wire);
      assert.equal(findCountry(name.toUpperCase())?.code, wire);
    }
  });

  it("have nothing for none and for unknown codes", () => {
    for (const code of [0, -1, 262, 65535, 1.5]) assert.equal(countryByCode(code), undefined);
    for (const text of ["", "(none)", "ZZ", "Atlantis"]) assert.equal(findCountry(text), undefined);
  });
});

describe("instruments", () => {
  const entries = fixture("instrument-codes.json") as { code: number; name: string }[];

  it("are the captured table", () => {
    assert.equal(entries.length, 50);
    for (const { code, name } of entries) {
      assert.equal(instrumentName(code), code === 0 ? undefined : name);
      assert.equal(instrumentCode(name.toUpperCase()), code);
    }
  });

  it("have nothing for unknown codes and names", () => {
    for (const code of [-1, 50, 4294967295]) assert.equal(instrumentName(code), undefined);
    assert.equal(instrumentCode("Kazoo"), undefined);
  });
});

describe("versions", () => {
  const parsed: [text: string, version: unknown][] = [
    ["3.9.1", [3, 9, 1]],
    ["3.12.4dev-nogit", [3, 12, 4]],
    ["3.8.0rc1", [3, 8, 0]],
    ["3.12.4dev-abc:1755400000", [3, 12, 4]],
    ["4.0", [4, 0, 0]],
    ["4", [4, 0, 0]],
    [" 3.9.1 ", [3, 9, 1]],
    ["", undefined],
    ["r3.9.1", undefined],
    [".5", undefined],
  ];
  for (const [text, version] of parsed) {
    it(`"${text}"`, () => assert.deepEqual(parseVersion(text), version));
  }

  it("compare by number, not by letter", () => {
    assert(compareVersions([3, 12, 4], [3, 9, 1]) > 0);
    assert(compareVersions([3, 9, 1], [3, 9, 2]) < 0);
    assert(compareVersions([4, 0, 0], [3, 99, 99]) > 0);
    assert.equal(compareVersions([3, 6, 0], [3, 6, 0]), 0);
  });

  it("tell whether a server understands sequence bytes", () => {
    assert.equal(hasSequenceNumbers([3, 5, 12]), false);
    assert.equal(hasSequenceNumbers([3, 6, 0]), true);
  });
});

describe("cutText", () => {
  const cases: [text: string, units: number, cut: string][] = [
    ["Alice", 16, "Alice"],
    ["Alice", 5, "Alice"],
    ["Alice", 3, "Ali"],
    ["a𝄞b", 2, "a"],
    ["a𝄞b", 3, "a𝄞"],
    ["𝄞", 1, ""],
  ];
  for (const [text, units, cut] of cases) {
    it(`"${text}" to ${units}`, () => assert.equal(cutText(text, units), cut));
  }
});
