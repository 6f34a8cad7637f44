// Brings a fresh checkout to where `npm start`, `npm test`, `npm run package` or `npm run image` works:
// `node src/setup.mjs run|test|package|image|bundle`.
// Plain JavaScript without dependencies, because it runs before anything is installed or compiled.
// What is done already is skipped, and a checkout with nothing to do costs a blink.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const inTree = (...parts) => path.join(root, ...parts);
const goal = process.argv[2];

/** Debian's names, and for other systems the file that shows the thing is there. */
const runPackages = {
  "g++": "g++",
  make: "make",
  python3: "python3",
  "libasound2-dev": "/usr/include/alsa/asoundlib.h",
  "espeak-ng": "espeak-ng",
  "opus-tools": "opusenc",
};
const testPackages = {
  ...runPackages,
  "clang-format": "clang-format",
  "doctest-dev": "/usr/include/doctest/doctest.h",
  jamulus: "Jamulus",
  "alsa-utils": "aplay",
  jackd2: "jackd",
  sox: "soxi",
  flex: "flex",
  bison: "bison",
  bc: "bc",
  kmod: "insmod",
  "xz-utils": "xz",
  "libelf-dev": "/usr/include/libelf.h",
  iproute2: "ip",
  "wireguard-tools": "wg",
  "wireguard-go": "wireguard-go",
  nftables: "nft",
  kicad: "/usr/lib/python3/dist-packages/pcbnew.py",
  openscad: "openscad",
  "device-tree-compiler": "dtc",
  shellcheck: "shellcheck",
};
/** To compile for other machines; the compiler is that for the processor that this one has not. */
const packagePackages = {
  "g++": "g++",
  make: "make",
  python3: "python3",
  "espeak-ng": "espeak-ng",
  "opus-tools": "opusenc",
  ...(process.arch === "arm64"
    ? { "crossbuild-essential-amd64": "x86_64-linux-gnu-g++" }
    : { "crossbuild-essential-arm64": "aarch64-linux-gnu-g++" }),
};
/** To build the SD card's image, and to boot it in an emulator. */
const imagePackages = {
  mmdebstrap: "mmdebstrap",
  "arch-test": "arch-test",
  "qemu-user-static": "qemu-aarch64-static",
  "qemu-system-arm": "qemu-system-aarch64",
  "ipxe-qemu": "/usr/lib/ipxe/qemu/efi-virtio.rom",
  tcpdump: "tcpdump",
  "squashfs-tools": "sqfstar",
  dosfstools: "mkfs.fat",
  mtools: "mcopy",
  fdisk: "sfdisk",
  e2fsprogs: "mke2fs",
  fakeroot: "fakeroot",
  cpio: "cpio",
  kmod: "modprobe",
  "xz-utils": "xz",
};
/** To take a system out of an image, and its version out of that. */
const bundlePackages = { "squashfs-tools": "unsquashfs", mtools: "mcopy" };
/** What a box needs of the native build; the tests need all of it. */
const runTargets = ["plugjam", "asound_module_pcm_plugjam"];

// ---- small tools

class SetupError extends Error {}

function readText(file) {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

function filesBelow(folder, wanted) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const full = path.join(folder, entry.name);
    if (!wanted(full, entry)) return [];
    return entry.isDirectory() ? filesBelow(full, wanted) : [full];
  });
}

/** Changes when a file of the list comes, goes or is written; reading them all would take longer. */
function fingerprint(files, ...more) {
  const hash = createHash("sha256");
  for (const file of files.sort()) {
    const { mtimeMs, size } = fs.statSync(file);
    hash.update(`${file} ${mtimeMs} ${size}\n`);
  }
  for (const text of more) hash.update(`${text}\n`);
  return hash.digest("hex");
}

function hasCommand(name) {
  return (process.env.PATH ?? "")
    .split(path.delimiter)
    .some((folder) => fs.existsSync(path.join(folder, name)));
}

/** Runs a command, shows one line with its time, and its whole output only if it fails. */
function run(title, advice, command, args, env = {}) {
  process.stdout.write(`setup: ${title} ... `);
  const log = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "plugjam-setup-")), "output");
  const output = fs.openSync(log, "w+");
  const started = Date.now();
  const result = spawnSync(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", output, output],
  });
  fs.closeSync(output);
  const text = readText(log);
  fs.rmSync(path.dirname(log), { recursive: true });
  if (result.status !== 0) {
    const how =
      result.error?.message ?? (result.signal ? `ended by ${result.signal}` : `exit ${result.status}`);
    process.stdout.write(`failed\n${text}`);
    throw new SetupError(`${[command, ...args].join(" ")}: ${how}. ${advice}`);
  }
  process.stdout.write(`${((Date.now() - started) / 1000).toFixed(1)} s\n`);
}

// ---- the steps: each knows whether it is done, and how to do it

const packages =
  {
    run: runPackages,
    test: testPackages,
    package: packagePackages,
    image: imagePackages,
    bundle: bundlePackages,
  }[goal] ?? {};

/** Asked of dpkg where there is one, else of the file system. */
function missingPackages() {
  const names = Object.keys(packages);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the braces are dpkg's
  const dpkg = spawnSync("dpkg-query", ["-W", "-f=${db:Status-Abbrev}${Package}\n", ...names], {
    encoding: "utf8",
  });
  if (dpkg.error) {
    return names.filter((name) => {
      const proof = packages[name];
      return proof.startsWith("/") ? !fs.existsSync(proof) : !hasCommand(proof);
    });
  }
  const installed = new Set(
    dpkg.stdout.split("\n").map((line) => line.startsWith("ii ") && line.slice(3).trim()),
  );
  return names.filter((name) => !installed.has(name));
}

/** The words before a command that needs root: none, sudo, or null where there is no way. */
function asRoot() {
  if (process.getuid() === 0) return [];
  if (!hasCommand("sudo")) return null;
  const free = spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status === 0;
  return free || process.stdin.isTTY ? ["sudo"] : null;
}

const systemPackages = {
  done: () => missingPackages().length === 0,
  do() {
    const missing = missingPackages();
    if (!hasCommand("apt-get")) {
      console.log(`setup: not a Debian system; wanted, by Debian's names: ${missing.join(" ")}`);
      if (!hasCommand("g++") || !hasCommand("make")) throw new SetupError("Install these, then try again.");
      return;
    }
    const install = ["apt-get", "install", "--yes", "--no-install-recommends", ...missing];
    const prefix = asRoot();
    if (prefix === null) {
      throw new SetupError(
        `Packages are missing. Run: sudo apt-get install --no-install-recommends ${missing.join(" ")}`,
      );
    }
    const apt = (title, advice, words) => {
      const [command, ...args] = [...prefix, "env", "DEBIAN_FRONTEND=noninteractive", ...words];
      run(title, advice, command, args);
    };
    apt("package lists", "Is the network up?", ["apt-get", "update"]);
    apt(`packages ${missing.join(" ")}`, "Run it by hand to see more.", install);
  },
};

/**
 * npm leaves in node_modules a lock file of what it installed. It is right when it has each package of ours, at
 * that version; those for other processors and systems are optional and may be absent.
 */
function modulesMatchLock() {
  const installedText = readText(inTree("node_modules/.package-lock.json"));
  if (installedText === null) return false;
  const installed = JSON.parse(installedText).packages;
  const locked = JSON.parse(fs.readFileSync(inTree("package-lock.json"), "utf8")).packages;
  return Object.entries(locked).every(([where, { version, optional }]) => {
    if (where === "") return true;
    const found = installed[where];
    return found === undefined ? optional === true : found.version === version;
  });
}

const modules = {
  done: modulesMatchLock,
  // No install scripts: npm 10 would run each of them, asked or not, and some download programs.
  do: () => run("npm ci", "Is the network up?", "npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]),
};

/** Dependencies that must be compiled here: the ones that package.json's allowScripts lets through. */
function compiledModules() {
  const allowed = JSON.parse(fs.readFileSync(inTree("package.json"), "utf8")).allowScripts ?? {};
  return Object.keys(allowed).filter((name) => allowed[name] === true);
}

const modulesStamp = inTree("node_modules/.plugjam-setup");
const modulesState = () => `node ABI ${process.versions.modules}: ${compiledModules().join(" ")}`;

const moduleBuilds = {
  done: () => compiledModules().length === 0 || readText(modulesStamp) === modulesState(),
  do() {
    const names = compiledModules();
    const plain = names.map((name) => name.replace(/(?!^)@.*/, ""));
    // Compiled here from the sources that the lock file vouches for, never a program downloaded ready-made.
    const env = { npm_config_build_from_source: "true", JOBS: process.env.JOBS ?? "max" };
    run(
      `npm rebuild ${plain.join(" ")}`,
      "See the compiler's words above.",
      "npm",
      ["rebuild", ...plain],
      env,
    );
    fs.writeFileSync(modulesStamp, modulesState());
  },
};

const lockText = () => readText(inTree("package-lock.json"));

const nativeStamp = inTree("native/build/Release/.plugjam-setup");
function nativeState() {
  const wanted = (_, entry) => !(entry.isDirectory() && /^build/.test(entry.name));
  const folders = [inTree("native"), inTree("test/bench/load")].filter((folder) => fs.existsSync(folder));
  return fingerprint(
    folders.flatMap((folder) => filesBelow(folder, wanted)),
    lockText(),
    process.version,
    process.arch,
  );
}

const nativeBuild = {
  done() {
    const [builtFor, state] = (readText(nativeStamp) ?? "").split(" ");
    return (builtFor === "test" || builtFor === goal) && state === nativeState();
  },
  do() {
    const state = nativeState();
    fs.rmSync(nativeStamp, { force: true });
    const targets = goal === "test" ? [] : ["--", ...runTargets];
    // The headers that came with this node, where they did, save a download.
    const prefix = path.dirname(path.dirname(process.execPath));
    const ownHeaders = fs.existsSync(path.join(prefix, "include/node/node_version.h"));
    const env = { JOBS: process.env.JOBS ?? "max", ...(ownHeaders && { npm_config_nodedir: prefix }) };
    run(
      "native build",
      "See the compiler's words above.",
      "npm",
      ["run", "--silent", "build:native", ...targets],
      env,
    );
    fs.writeFileSync(nativeStamp, `${goal} ${state}`);
  },
};

const scriptStamp = inTree("dist/.plugjam-setup");
const scriptFolders = ["src", "test", "hardware/tools", "image"].filter((name) =>
  fs.existsSync(inTree(name)),
);
function scriptState() {
  const wanted = (full, entry) => entry.isDirectory() || full.endsWith(".ts");
  const sources = scriptFolders.flatMap((folder) => filesBelow(inTree(folder), wanted));
  return fingerprint([...sources, inTree("tsconfig.json")], lockText());
}

/** A compiled test whose source is gone would still be run. */
function removeOrphans() {
  const wanted = (full, entry) => entry.isDirectory() || /\.js(\.map)?$/.test(full);
  for (const folder of scriptFolders.filter((name) => fs.existsSync(inTree("dist", name)))) {
    for (const file of filesBelow(inTree("dist", folder), wanted)) {
      const source = inTree(path.relative(inTree("dist"), file)).replace(/\.js(\.map)?$/, ".ts");
      if (!fs.existsSync(source)) fs.rmSync(file);
    }
  }
}

const scriptBuild = {
  done: () => readText(scriptStamp) === scriptState(),
  do() {
    const state = scriptState();
    removeOrphans();
    run("tsc", "Mend the types above.", "npm", ["run", "--silent", "build:ts"]);
    fs.writeFileSync(scriptStamp, state);
  },
};

const voiceStamp = inTree("dist/voice/.plugjam-setup");
const missingVoiceTools = () => ["espeak-ng", "opusenc"].filter((tool) => !hasCommand(tool));
function voiceState() {
  const sources = ["words.ts", "make-prompts.ts"].map((name) => readText(inTree("src/panel/voice", name)));
  return fingerprint([], ...sources, `missing: ${missingVoiceTools()}`);
}

const voiceBuild = {
  done: () => readText(voiceStamp) === voiceState(),
  do() {
    const missing = missingVoiceTools();
    if (missing.length > 0) console.log(`setup: no voice prompts: ${missing.join(" and ")} missing`);
    else run("voice prompts", "See the words above.", "npm", ["run", "--silent", "build:voice"]);
    fs.mkdirSync(path.dirname(voiceStamp), { recursive: true });
    fs.writeFileSync(voiceStamp, voiceState());
  },
};

/** Debian's installers for arm64 are run on this processor by qemu-user-static; the kernel must be told so once a boot. */
const foreignPrograms = {
  done: () => spawnSync("arch-test", ["arm64"], { stdio: "ignore" }).status === 0,
  do() {
    const folder = "/proc/sys/fs/binfmt_misc";
    const tell = `[ -e ${folder}/register ] || mount -t binfmt_misc binfmt_misc ${folder}
      tr -d '\\n' </usr/lib/binfmt.d/qemu-aarch64.conf >${folder}/register`;
    const prefix = asRoot();
    const advice = "Run it as root, or as a user who may use sudo.";
    if (prefix === null) throw new SetupError(`arm64 programs cannot be run here yet. ${advice}`);
    const [command, ...args] = [...prefix, "sh", "-ec", tell];
    run("arm64 programs", advice, command, args);
  },
};

// ---- one set-up at a time

const lockFile = inTree("dist/.plugjam-setup-lock");

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function lock() {
  fs.mkdirSync(path.dirname(lockFile), { recursive: true });
  for (let told = false; ; ) {
    try {
      fs.writeFileSync(lockFile, String(process.pid), { flag: "wx" });
      return;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    const owner = Number(readText(lockFile));
    if (owner > 0 && !isRunning(owner)) fs.rmSync(lockFile, { force: true });
    else if (!told) {
      console.log(`setup: waiting for another set-up to end (process ${owner})`);
      told = true;
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
}

const forHere = [systemPackages, modules, moduleBuilds, nativeBuild, scriptBuild, voiceBuild];
const steps = {
  run: forHere,
  test: forHere,
  package: [systemPackages, modules, scriptBuild, voiceBuild],
  image: [systemPackages, modules, scriptBuild, foreignPrograms],
  bundle: [systemPackages, modules, scriptBuild],
}[goal];

function setUp() {
  if (steps === undefined)
    throw new SetupError("Say what for: node src/setup.mjs run|test|package|image|bundle");
  if (Number(process.versions.node.split(".")[0]) < 20) {
    throw new SetupError(`Node 20 or newer is needed; this is ${process.version}.`);
  }
  if (steps.every((step) => step.done())) return;
  lock();
  try {
    for (const step of steps) if (!step.done()) step.do();
  } finally {
    fs.rmSync(lockFile, { force: true });
  }
}

try {
  setUp();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(`setup: ${error.message}`);
  process.exitCode = 1;
}
