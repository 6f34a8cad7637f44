// `npm run package`: writes the Debian packages for the Pi and for PCs.

import { mkdirSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { version } from "../../src/lib/version.js";
import { BuildError, run, stepsOf } from "../build/step.js";
import { changelog } from "./changelog.js";
import { compile, neededGlibc } from "./compile.js";
import { writeControl } from "./control-files.js";
import { layOut } from "./lay-out.js";
import { modulesOf } from "./modules.js";
import { type Processor, processors } from "./processors.js";
import { fetchTargetFiles } from "./target-files.js";

/** Seen from dist/image/deb. */
const tree = path.resolve(fileURLToPath(import.meta.url), "../../../..");
const inTree = (name: string) => path.join(tree, name);
const out = inTree("dist/image/out");
const step = stepsOf("package");

async function buildAll(): Promise<void> {
  const started = performance.now();
  const epoch = await sourceDate();
  mkdirSync(out, { recursive: true });
  const made: string[] = [];
  for (const processor of wanted()) made.push(await buildFor(processor, epoch));
  for (const file of made)
    console.log(
      `package: ${path.relative(process.cwd(), file)}, ${(statSync(file).size / 1e6).toFixed(2)} MB`,
    );
  console.log(`package: made in ${((performance.now() - started) / 1000).toFixed(0)} s`);
}

/** Both, or the one that the command line names. */
function wanted(): readonly Processor[] {
  const name = process.argv[2];
  const chosen = processors.filter(({ debian }) => name === undefined || debian === name);
  if (chosen.length === 0)
    throw new BuildError("Say for which processor: npm run package -- arm64|amd64, or neither for both.");
  return chosen;
}

async function buildFor(processor: Processor, epoch: number): Promise<string> {
  const { debian } = processor;
  const work = inTree(`dist/package-${debian}`);
  await step(
    `${debian}: Debian 13's headers`,
    () => fetchTargetFiles(debian),
    (fetched) => (fetched ? "fetched" : "kept from before"),
  );
  const { native } = await step(
    `${debian}: native parts`,
    () => compile(tree, path.join(work, "native"), processor),
    ({ kept }) => (kept ? "as before" : "compiled"),
  );
  const file = path.join(out, `plugjam_${version}_${debian}.deb`);
  await step(`${debian}: package`, async () => {
    const root = path.join(work, "root");
    rmSync(root, { recursive: true, force: true });
    mkdirSync(root, { recursive: true });
    layOut({ tree, root, native, modules: modulesOf(tree), changelog: changelog(version, epoch) });
    const glibc = await neededGlibc(native, processor);
    writeControl(root, inTree("image/deb/control"), { version, architecture: debian, glibc });
    await run("dpkg-deb", ["--root-owner-group", "-Zxz", "--build", root, file], {
      env: { SOURCE_DATE_EPOCH: String(epoch) },
    });
  });
  return file;
}

/** All times in the package are that of the commit it is built from. */
async function sourceDate(): Promise<number> {
  const given = process.env.SOURCE_DATE_EPOCH;
  if (given !== undefined) return Number(given);
  const committed = await run("git", ["log", "-1", "--format=%ct"], { cwd: tree }).catch(() => null);
  return committed === null ? 1_767_225_600 : Number(committed);
}

try {
  await buildAll();
} catch (error) {
  if (!(error instanceof BuildError)) throw error;
  console.error(`package: ${error.message}`);
  process.exitCode = 1;
}
