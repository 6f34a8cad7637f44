// Makes a virtual sound card: the ALSA configuration, control file and playback file that native/virtual-card reads.
import { existsSync, mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** What the card hears, as a function of its absolute frame number. See native/virtual-card/README.md. */
export type VirtualSource =
  | { readonly type: "silence" }
  | { readonly type: "tune" }
  /** One frequency in Hz per channel (0: silence), all at the same level in dBFS, at most 0. */
  | { readonly type: "sine"; readonly frequencies: readonly number[]; readonly levelDb: number }
  /** One sample of 0.9 on every channel wherever frame % interval equals offset. */
  | { readonly type: "impulses"; readonly interval: number; readonly offset: number }
  | { readonly type: "file"; readonly path: string; readonly format: "wav" }
  | {
      readonly type: "file";
      readonly path: string;
      readonly format: "s16" | "float";
      readonly channels: number;
    };

export type VirtualFormat = "S16_LE" | "S24_3LE" | "S24_LE" | "S32_LE" | "FLOAT_LE";

export interface Range {
  readonly min: number;
  readonly max: number;
}

export interface VirtualCardOptions {
  /** The ALSA name, lower-case letters and digits. Default: jam0. */
  readonly name?: string;
  /** The only rate the card knows. Default: 48000. */
  readonly rateHz?: number;
  /** How far off its crystal is; positive is fast. Default: 0. */
  readonly ppm?: number;
  /** 1 to 8. Default: exactly 2. */
  readonly channels?: Range;
  /** Default: all. */
  readonly formats?: readonly VirtualFormat[];
  /** Exact when the card has one format and channel count, else as wide as its formats need. Default: 32 to 1024. */
  readonly periodFrames?: Range;
  /** Default: 2 to 16. */
  readonly periods?: Range;
  /** Default: silence. */
  readonly source?: VirtualSource;
  /** Keep what is played in the first so many seconds. Default: 0, nothing is kept and there is no file. */
  readonly playbackSeconds?: number;
}

export interface VirtualCardFiles {
  /** The name to open. */
  readonly device: string;
  /**
   * What a process needs to open it. ALSA reads this at the first open of a process; setting process.env in Node's
   * main thread before that works, since it calls setenv.
   */
  readonly env: { readonly ALSA_CONFIG_PATH: string };
  readonly configPath: string;
  readonly controlPath: string;
  /** Interleaved float32, as many channels as the card has at most, frame 0 first; null when nothing is kept. */
  readonly playbackPath: string | null;
}

/** The layout of native/virtual-card/control.h. */
export const control = {
  magic: 0x43564a50,
  version: 1,
  bytes: 192,
  playbackBaseFrame: 8,
  capture: 64,
  playback: 128,
  side: {
    epochNs: 0,
    stoppedAtNs: 8,
    faults: 16,
    vanishCount: 20,
    startFrame: 32,
    starts: 40,
    xruns: 44,
  },
  fault: { vanished: 1, busy: 2, suspended: 4, hung: 8 },
} as const;

const systemConfig = "/usr/share/alsa/alsa.conf";
// From dist/src/audio/, where this file runs.
const library = fileURLToPath(
  new URL("../../../native/build/Release/libasound_module_pcm_plugjam.so", import.meta.url),
);

/**
 * Write a card's files into a folder, made if it is not there. Its frame counter starts now. Throws when the plugin
 * is not built, or when the folder's path has a character that ALSA would read as something else.
 */
export function createVirtualCard(folder: string, options: VirtualCardOptions = {}): VirtualCardFiles {
  const absolute = resolve(folder);
  if (!/^[\w./+@-]+$/.test(absolute))
    throw new Error(`a virtual card cannot live in ${absolute}: odd character`);
  if (!existsSync(library)) throw new Error(`${library} is not there: npm run build:native makes it`);
  mkdirSync(absolute, { recursive: true });
  const device = options.name ?? "jam0";
  const configPath = join(absolute, `${device}.conf`);
  const controlPath = join(absolute, `${device}.control`);
  const seconds = options.playbackSeconds ?? 0;
  const playbackPath = seconds > 0 ? join(absolute, `${device}.played.f32`) : null;
  writeFileSync(controlPath, newControl());
  if (playbackPath !== null) {
    const frames = Math.ceil(seconds * (options.rateHz ?? 48000));
    writeFileSync(playbackPath, "");
    truncateSync(playbackPath, frames * (options.channels?.max ?? 2) * 4);
  }
  writeFileSync(configPath, configText(device, options, controlPath, playbackPath));
  const env = { ALSA_CONFIG_PATH: `${systemConfig}:${configPath}` };
  return { device, env, configPath, controlPath, playbackPath };
}

function newControl(): Buffer {
  const bytes = Buffer.alloc(control.bytes);
  bytes.writeUInt32LE(control.magic, 0);
  bytes.writeUInt32LE(control.version, 4);
  const now = process.hrtime.bigint();
  for (const side of [control.capture, control.playback])
    bytes.writeBigUInt64LE(now, side + control.side.epochNs);
  return bytes;
}

function configText(
  device: string,
  options: VirtualCardOptions,
  controlPath: string,
  playbackPath: string | null,
): string {
  const lines = [
    "type plugjam",
    `control "${controlPath}"`,
    ...entry("rate", options.rateHz),
    ...entry("ppm", options.ppm),
    ...range("channels", options.channels),
    ...range("period", options.periodFrames),
    ...range("periods", options.periods),
  ];
  if (options.formats !== undefined) lines.push(`formats [ ${options.formats.join(" ")} ]`);
  if (options.source !== undefined) lines.push(`source { ${sourceText(options.source)} }`);
  if (playbackPath !== null) lines.push(`sink { file "${playbackPath}" }`);
  lines.push('hint { show on description "Plugjam virtual sound card" }');
  return `pcm_type.plugjam { lib "${library}" }\n\npcm.${device} {\n  ${lines.join("\n  ")}\n}\n`;
}

function entry(key: string, value: number | undefined): string[] {
  return value === undefined ? [] : [`${key} ${value}`];
}

function range(key: string, value: Range | undefined): string[] {
  return value === undefined ? [] : [`${key}_min ${value.min}`, `${key}_max ${value.max}`];
}

function sourceText(source: VirtualSource): string {
  switch (source.type) {
    case "silence":
    case "tune":
      return `type ${source.type}`;
    case "sine":
      return `type sine level_db ${source.levelDb} frequencies [ ${source.frequencies.join(" ")} ]`;
    case "impulses":
      return `type impulses interval ${source.interval} offset ${source.offset}`;
    case "file": {
      const channels = source.format === "wav" ? "" : ` channels ${source.channels}`;
      return `type file file "${resolve(source.path)}" format ${source.format}${channels}`;
    }
  }
}
