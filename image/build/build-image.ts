// `npm run image`: writes the SD card's image, from Debian's packages and ours.

import { createHash } from "node:crypto";
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { version } from "../../src/lib/version.js";
import { debianBase } from "./base.js";
import { assemble, makeBootFolder, makeBootPartition } from "./card.js";
import { makeInitrd } from "./initrd.js";
import { kernelModules } from "./kernel-module.js";
import { makeRoot } from "./root.js";
import { BuildError, run, step } from "./step.js";

/** Seen from dist/image/build. */
const tree = path.resolve(fileURLToPath(import.meta.url), "../../../..");
const inTree = (name: string) => path.join(tree, name);
const out = inTree("dist/image/out");
const mostMegabytes = 350;

const megabytes = (file: string) => (statSync(file).size / 1e6).toFixed(1);

async function build(): Promise<void> {
  const started = performance.now();
  const epoch = await sourceDate();
  const name = `plugjam-${version}-arm64`;
  const image = path.join(out, `${name}.img`);
  // What an update brings, too.
  const boot = path.join(out, "boot");
  const root = path.join(out, "root.squashfs");
  const debianPackage = path.join(out, `plugjam_${version}_arm64.deb`);
  if (!existsSync(debianPackage)) throw new BuildError(`${debianPackage} is missing. Run: npm run package`);
  mkdirSync(out, { recursive: true });
  const work = mkdtempSync(path.join(process.env.TMPDIR ?? tmpdir(), "plugjam-image-"));
  try {
    const base = await step(
      "Debian's packages, 10 minutes or so the first time",
      () => debianBase(epoch),
      ({ ageDays }) => (ageDays === null ? "made" : `kept, ${ageDays.toFixed(1)} days old`),
    );
    const unpacked = path.join(work, "base");
    const kernelVersion = await step(
      "kernel and firmware out of them",
      async () => {
        mkdirSync(unpacked);
        symlinkSync("usr/lib", path.join(unpacked, "lib"));
        const wanted = ["boot", "usr/lib/modules", "usr/lib/raspi-firmware", "usr/bin/busybox"];
        await run("tar", [
          "--extract",
          `--file=${base.tar}`,
          `--directory=${unpacked}`,
          "--wildcards",
          "--no-same-owner",
          ...wanted.map((name) => `./${name}`),
          "./usr/lib/linux-image-*",
        ]);
        return readdirSync(path.join(unpacked, "usr/lib/modules"))[0]!;
      },
      (kernel) => kernel,
    );
    const initrd = await step(
      "initrd",
      () =>
        makeInitrd({
          root: unpacked,
          kernelVersion,
          init: inTree("image/initrd/init"),
          work: path.join(work, "initrd"),
          epoch,
        }),
      (bytes) => `${(bytes.length / 1e6).toFixed(1)} MB`,
    );
    const modules = await step("kernel module for trial boots, 2 minutes the first time", () =>
      kernelModules({ source: inTree("image/update/tryboot"), kernelVersion }),
    );
    const imageVersion = `${version}+${minuteOf(Math.max(epoch * 1000, statSync(base.tar).mtimeMs))}`;
    await step(
      "root file system",
      () => {
        rmSync(root, { force: true });
        return makeRoot({
          base,
          kernelVersion,
          modules,
          debianPackage,
          files: inTree("image/rootfs"),
          programs: inTree("dist/image"),
          imageVersion,
          epoch,
          work,
          output: root,
        });
      },
      () => `${megabytes(root)} MB`,
    );
    const fat = path.join(work, "boot.fat");
    await step("boot partition", async () => {
      rmSync(boot, { recursive: true, force: true });
      const firmware = inTree("image/firmware");
      makeBootFolder({ base: unpacked, kernelVersion, initrd, firmware, output: boot });
      await makeBootPartition({
        base: unpacked,
        firmware,
        settings: inTree("image/provision/plugjam.toml"),
        slot: boot,
        work: path.join(work, "fat"),
        output: fat,
        epoch,
      });
    });
    await step(
      "card",
      () => assemble(fat, root, image),
      () => `${megabytes(image)} MB`,
    );
    if (!process.argv.includes("--raw"))
      await step(
        "compression",
        // Nearly all of it is compressed already; what is left is zeros.
        () => run("xz", ["--threads=0", "-0", "--keep", "--force", image]),
        () => `${megabytes(`${image}.xz`)} MB to download`,
      );
    console.log(`image: ${path.relative(process.cwd(), image)}.xz, version ${imageVersion}`);
    console.log(`image: root file system sha256 ${await sha256(root)}`);
    console.log(
      "image: another build of this commit differs in: Debian's packages, which are those of the day, and the version, which tells their minute where they are newer than the commit",
    );
    console.log(`image: made in ${((performance.now() - started) / 1000).toFixed(0)} s`);
    if (existsSync(`${image}.xz`) && statSync(`${image}.xz`).size > mostMegabytes * 1e6)
      throw new BuildError(
        `The download has more than ${mostMegabytes} MB: take something out in image/build/root.ts.`,
      );
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** All times in the image are that of the commit it is built from. */
async function sourceDate(): Promise<number> {
  const given = process.env.SOURCE_DATE_EPOCH;
  if (given !== undefined) return Number(given);
  const committed = await run("git", ["log", "-1", "--format=%ct"], { cwd: tree }).catch(() => null);
  return committed === null ? 1_767_225_600 : Number(committed);
}

/** What is later of our commit and Debian's packages is what is new in an image: 202611271530, UTC. */
const minuteOf = (ms: number): string => new Date(ms).toISOString().slice(0, 16).replace(/\D/g, "");

async function sha256(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

try {
  await build();
} catch (error) {
  if (!(error instanceof BuildError)) throw error;
  console.error(`image: ${error.message}`);
  process.exitCode = 1;
}
