// What a box makes of a bundle: good, cut short, changed in any byte, signed by others or not at all.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createPrivateKey } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { create, list } from "tar";
import { type BundleFile, parseManifest } from "../../image/update/manifest.js";
import { type Offer, type Receiver, readBundle } from "../../image/update/read-bundle.js";
import {
  isSignedBy,
  newKey,
  parseKeys,
  parsePublicWord,
  publicWord,
  signBytes,
} from "../../image/update/update-key.js";
import { imageVersion, isNewer, parseVersion } from "../../image/update/version.js";
import { Random } from "../support/random.js";
import {
  bundleOf,
  makeSystem,
  newFolder,
  schoolKey,
  schoolKeys,
  schoolWord,
  sourceOf,
} from "./update-rig.js";

const system = makeSystem("0.2.0", 7);
const otherKey = createPrivateKey(newKey().privatePem);

/** Keeps what it is given; knows only after the end what it had better not have believed. */
class Collector implements Receiver {
  offer: Offer | null = null;
  readonly whole = new Map<string, Buffer>();
  #parts: Buffer[] = [];

  readonly accept = async (offer: Offer) => {
    this.offer = offer;
    return this as Receiver;
  };
  async begin(): Promise<void> {
    this.#parts = [];
  }
  async data(bytes: Uint8Array): Promise<void> {
    this.#parts.push(Buffer.from(bytes));
  }
  async end({ name }: BundleFile): Promise<void> {
    this.whole.set(name, Buffer.concat(this.#parts));
  }
}

async function read(bundle: Buffer, pieceBytes?: number) {
  const collector = new Collector();
  const refusal = await readBundle(sourceOf(bundle, pieceBytes).read(), schoolKeys, collector.accept);
  return { refusal, collector };
}

/** What is handed over is always what was signed. */
function assertTrue(whole: ReadonlyMap<string, Buffer>): void {
  for (const [name, contents] of whole) {
    const wanted = name === "root.squashfs" ? system.root : system.boot[name.slice("boot/".length)];
    assert.ok(wanted && contents.equals(wanted), `${name} is not what was signed`);
  }
}

describe("update bundle", () => {
  let bundle: Buffer;

  before(async () => {
    bundle = await bundleOf(system);
  });

  it("is read in pieces of any size, and gives what was put in", async () => {
    for (const pieceBytes of [1, 100, 512, 4097, bundle.length]) {
      const { refusal, collector } = await read(bundle, pieceBytes);
      assert.equal(refusal, null);
      assert.equal(collector.whole.size, 6);
      assertTrue(collector.whole);
      assert.equal(collector.offer?.manifest.version, "0.2.0");
    }
  });

  it("is the same each time it is made, but for the signature's sake not the same for two keys", async () => {
    assert.ok((await bundleOf(system)).equals(bundle));
    assert.ok(!(await bundleOf(system, { key: otherKey })).equals(bundle));
  });

  it("begins with what says whether to go on: manifest, signature, then boot files, then root", async () => {
    const folder = newFolder();
    try {
      writeFileSync(join(folder, "bundle"), bundle);
      const names: string[] = [];
      await list({ file: join(folder, "bundle"), onReadEntry: ({ path }) => void names.push(path) });
      assert.deepEqual(names.slice(0, 2), ["manifest.json", "manifest.sig"]);
      assert.equal(names.at(-1), "root.squashfs");
      assert.ok(names.slice(2, -1).every((name) => name.startsWith("boot/")));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("is refused wherever it ends too early", async () => {
    // The end of a tar is a kilobyte of zeros, of which the last bytes may be missed.
    const needed = bundle.length - 1024;
    const ends = new Set([0, 1, 511, 512, 513, needed - 1, needed - 512]);
    const random = new Random(1);
    for (let i = 0; i < 150; i++) ends.add(random.below(needed));
    for (const end of ends) {
      const { refusal, collector } = await read(bundle.subarray(0, end));
      assert.ok(refusal && !refusal.isFinal, `cut to ${end} of ${bundle.length} bytes`);
      assertTrue(collector.whole);
    }
  });

  it("is refused, or comes out as signed, with any byte of it changed", async () => {
    const random = new Random(2);
    const places = Array.from({ length: 300 }, () => random.below(bundle.length));
    // All headers, manifest and signature byte by byte: that is where a reader can go wrong.
    for (let at = 0; at < 2560; at++) places.push(at);
    let refused = 0;
    for (const at of places) {
      const changed = Buffer.from(bundle);
      changed[at]! ^= 1 + random.below(255);
      const { refusal, collector } = await read(changed, 8192);
      assertTrue(collector.whole);
      if (refusal === null) assert.equal(collector.whole.size, 6, `byte ${at}`);
      else refused++;
    }
    assert.ok(refused > places.length / 2, `${refused} of ${places.length} were refused`);
  });

  it("is not believed in anything when another key signed it, or none", async () => {
    const strangers = await bundleOf(system, { key: otherKey });
    const unsigned = Buffer.from(bundle);
    const at = unsigned.indexOf("manifest.sig") + 512;
    unsigned.fill(0, at, at + 64);
    for (const each of [strangers, unsigned]) {
      const { refusal, collector } = await read(each);
      assert.match(refusal?.reason ?? "", /not signed by a key of this school/);
      assert.equal(collector.offer, null);
    }
    const { refusal } = await read(bundle);
    assert.equal(refusal, null);
  });

  it("is refused where a signed manifest is followed by other files", async () => {
    const other = await bundleOf(makeSystem("0.2.0", 8));
    const start = bundle.indexOf("boot/");
    const otherStart = other.indexOf("boot/", other.indexOf("manifest.sig"));
    const mixed = Buffer.concat([
      bundle.subarray(0, bundle.indexOf("boot/", bundle.indexOf("manifest.sig"))),
      other.subarray(otherStart),
    ]);
    assert.ok(start > 0);
    const { refusal, collector } = await read(mixed);
    assert.ok(refusal);
    assertTrue(collector.whole);
  });

  it("is refused with files beside those of the manifest, links among them", async () => {
    const folder = newFolder();
    try {
      mkdirSync(join(folder, "boot"));
      const manifest = bundle.subarray(512, 512 + sizeAt(bundle, 0));
      writeFileSync(join(folder, "manifest.json"), manifest);
      writeFileSync(join(folder, "manifest.sig"), signBytes(manifest, schoolKey));
      for (const [name, contents] of Object.entries(system.boot)) {
        mkdirSync(join(folder, "boot", "overlays"), { recursive: true });
        writeFileSync(join(folder, "boot", name), contents);
      }
      writeFileSync(join(folder, "root.squashfs"), system.root);
      writeFileSync(join(folder, "more"), "more");
      const named = parseManifest(manifest)!.files.map(({ name }) => name);
      const packed = async (names: readonly string[]) => {
        const file = join(folder, "made");
        await create({ cwd: folder, file, portable: true, noPax: true }, [
          "manifest.json",
          "manifest.sig",
          ...names,
        ]);
        return read(readFileSync(file));
      };
      assert.equal((await packed(named)).refusal, null);
      for (const names of [
        [...named, "more"],
        ["more", ...named],
        named.slice(1),
        [...named].reverse(),
        ["boot", ...named],
      ])
        assert.ok((await packed(names)).refusal, names.join());
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("is no compressed file, no text and nothing", async () => {
    for (const junk of [
      gzipSync(bundle),
      Buffer.from("hello".repeat(1000)),
      Buffer.alloc(0),
      Buffer.alloc(100_000),
    ]) {
      const { refusal } = await read(junk);
      assert.match(refusal?.reason ?? "", /damaged or incomplete/);
    }
  });

  it("costs no more memory than a manifest may have, whatever a header promises", async () => {
    const folder = newFolder();
    try {
      writeFileSync(join(folder, "manifest.json"), Buffer.alloc(300 * 1024, " "));
      const file = join(folder, "made");
      await create({ cwd: folder, file, portable: true, noPax: true }, ["manifest.json"]);
      assert.match((await read(readFileSync(file))).refusal?.reason ?? "", /damaged/);
      // A header for an extended header of 100 MB, which a reader would keep to understand the next one.
      let given = 0;
      const header = paxHeader(100_000_000);
      async function* endless() {
        yield header;
        for (; given < 100_000_000; given += 65_536) yield Buffer.alloc(65_536, "x");
      }
      const before = process.memoryUsage().rss;
      assert.ok(await readBundle(endless(), schoolKeys, new Collector().accept));
      assert.ok(process.memoryUsage().rss - before < 60e6, "it was kept");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("update manifest", () => {
  const good = {
    format: 1,
    version: "1.2.3",
    board: "arm64",
    needs: { bootBytes: 10, rootBytes: 10 },
    files: [
      { name: "boot/vmlinuz", bytes: 5, sha256: "0".repeat(64) },
      { name: "root.squashfs", bytes: 5, sha256: "0".repeat(64) },
    ],
  };
  const parse = (manifest: unknown) => parseManifest(Buffer.from(JSON.stringify(manifest)));
  const named = (name: string) => ({ ...good, files: [{ ...good.files[0]!, name }, good.files[1]] });

  it("takes what the tool writes", () => {
    assert.deepEqual(parse(good), { ...good, allowDowngrade: false });
    assert.ok(parse(named("boot/overlays/vc4-kms-v3d.dtbo")));
  });

  it("takes no name that leads elsewhere, no unknown word, no odd number", () => {
    for (const name of [
      "../etc/passwd",
      "boot/../config.txt",
      "/boot/x",
      "boot/.hidden",
      "boot",
      "boot//x",
      "boot/x/",
      "config.txt",
      "boot/a/b/c/d",
      "boot/ü",
      `boot/${"x".repeat(100)}`,
      "root.squashfs",
    ])
      assert.equal(parse(named(name)), null, name);
    for (const change of [
      { format: 2 },
      { version: "1.2" },
      { version: 3 },
      { more: 1 },
      { files: [] },
      { files: [good.files[1], good.files[0]] },
      { files: [{ ...good.files[0]!, name: "boot/VMLINUZ" }, ...good.files] },
      { files: [{ ...good.files[0]!, bytes: -1 }, good.files[1]] },
      { files: [{ ...good.files[0]!, bytes: 0.5 }, good.files[1]] },
      { files: [{ ...good.files[0]!, sha256: "abc" }, good.files[1]] },
    ])
      assert.equal(parse({ ...good, ...change }), null, JSON.stringify(change));
    for (const junk of ["", "[]", "null", "{", "\u00ff"])
      assert.equal(parseManifest(Buffer.from(junk, "latin1")), null);
  });
});

describe("update key", () => {
  it("is one word that comes back as the same key", () => {
    assert.match(schoolWord, /^plugjam-key:[A-Za-z0-9+/]{43}=$/);
    assert.equal(publicWord(parsePublicWord(schoolWord)!), schoolWord);
    assert.equal(publicWord(schoolKey), schoolWord);
  });

  it("is nothing else", () => {
    for (const word of [
      "",
      "plugjam-key:",
      schoolWord.slice(0, -2),
      `${schoolWord}A`,
      schoolWord.slice(12),
      "ssh-ed25519 AAAA",
    ])
      assert.equal(parsePublicWord(word), null, word);
    assert.equal(parseKeys(`# old\n${schoolWord}\n\nnonsense\r\n${schoolWord}\r\n`).length, 2);
  });

  it("checks what OpenSSL signs", async () => {
    const folder = newFolder();
    try {
      const { privatePem, publicWord: word } = newKey();
      writeFileSync(join(folder, "key"), privatePem);
      writeFileSync(join(folder, "text"), "text");
      const openssl = [
        "pkeyutl",
        "-sign",
        "-inkey",
        join(folder, "key"),
        "-rawin",
        "-in",
        join(folder, "text"),
      ];
      const signature = execFileSync("openssl", openssl);
      assert.ok(isSignedBy(parseKeys(word), Buffer.from("text"), signature));
      assert.ok(!isSignedBy(parseKeys(word), Buffer.from("texts"), signature));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("image version", () => {
  const version = (text: string) => parseVersion(text)!;

  it("is newer by its numbers, not its letters, and then by its build", () => {
    const minutes = ["0.1.0+202611271530", "0.1.0+202611271531", "0.1.0+202701010000"];
    const days = ["0.1.0+20261126", "0.1.0+20261127", "0.1.0+20261231"];
    const rising = ["0.1.0", ...days, ...minutes, "0.1.9", "0.1.10", "0.2.0", "1.0.0"];
    for (const [i, one] of rising.entries()) {
      for (const [j, other] of rising.entries())
        assert.equal(isNewer(version(one), version(other)), i > j, `${one} ${other}`);
    }
  });

  it("stands in os-release", () => {
    assert.equal(imageVersion('ID=debian\nIMAGE_VERSION="0.1.0+20261126"\n')?.text, "0.1.0+20261126");
    assert.equal(imageVersion("IMAGE_VERSION=0.1.0\n")?.text, "0.1.0");
    for (const none of [
      "",
      "ID=debian\n",
      "IMAGE_VERSION=\n",
      "IMAGE_VERSION=x.y.z\n",
      "X_IMAGE_VERSION=1.0.0\n",
    ])
      assert.equal(imageVersion(none), null, none);
  });
});

/** As a tar header has it, in octal. */
function sizeAt(bundle: Buffer, header: number): number {
  return Number.parseInt(bundle.toString("latin1", header + 124, header + 135), 8);
}

function paxHeader(bytes: number): Buffer {
  const header = Buffer.alloc(512);
  header.write("manifest.json", 0);
  header.write("0000644\0", 100);
  header.write("0000000\0", 108);
  header.write("0000000\0", 116);
  header.write(`${bytes.toString(8).padStart(11, "0")}\0`, 124);
  header.write("00000000000\0", 136);
  header.write("        x", 148);
  header.write("ustar\x0000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}
