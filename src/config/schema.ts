// plugjam.toml: every key, its default and its limits.

import { hostname } from "node:os";
import * as v from "valibot";
import { cutText, textLimits } from "../protocol/index.js";
import { defaultSocket } from "./default-socket.js";
import * as field from "./field.js";

const aTable = "a table";

const profile = v.object(
  {
    name: v.optional(field.text(textLimits.name), () => cutText(hostname(), textLimits.name)),
    instrument: v.optional(field.instrument(), ""),
    city: v.optional(field.text(textLimits.city), ""),
    country: v.optional(field.country(), ""),
    skill: v.optional(field.skill(), ""),
  },
  aTable,
);

const server = v.object(
  {
    name: v.optional(field.text(40)),
    address: field.serverOrDirectory(),
  },
  "a table with its address",
);

const device = () => field.nonEmpty(255, "the name of an ALSA PCM");

const audio = v.object(
  {
    device: v.optional(device(), "auto"),
    capture: v.optional(device()),
    playback: v.optional(device()),
    period: v.optional(field.autoOrWholeNumber(32, 256), "auto"),
    periods: v.optional(field.wholeNumber(2, 8), 2),
    channels: v.optional(field.oneOf("mono", "stereo", "mono-in-stereo-out"), "stereo"),
    quality: v.optional(field.oneOf("low", "normal", "high", "raw"), "high"),
    input_gain_db: v.optional(field.number(-40, 40), 0),
    jitter: v.optional(field.autoOrWholeNumber(1, 20), "auto"),
  },
  aTable,
);

const panel = v.object(
  {
    gpio: v.optional(field.oneOf("auto", "onoff", "cdev", "off"), "auto"),
    board: v.optional(field.oneOf("default", "codec-zero", "pisound", "audioinjector-octo"), "default"),
    display: v.optional(field.oneOf("auto", "ssd1306", "sh1106", "off"), "auto"),
    i2c_bus: v.optional(field.wholeNumber(0, 255), 1),
    i2c_address: v.optional(field.wholeNumber(0x03, 0x77), 0x3c),
    voice: v.optional(field.switchable(), true),
    language: v.optional(field.oneOf("en", "de"), "en"),
  },
  aTable,
);

const hub = v.object(
  {
    listen: v.optional(field.listenAddress(), "0.0.0.0:22124"),
    max_clients: v.optional(field.wholeNumber(1, 150), 10),
    welcome: v.optional(field.longText(1600), ""),
    small_blocks: v.optional(field.switchable(), true),
    chat: v.optional(field.switchable(), true),
    licence: v.optional(field.switchable(), false),
    public: v.optional(field.switchable(), false),
    record: v.optional(field.switchable(), false),
    record_dir: v.optional(field.text(4095), ""),
    record_bits: v.optional(v.picklist([16, 24], "16, 24"), 16),
    record_names: v.optional(field.switchable(), false),
    keep_days: v.optional(field.wholeNumber(0, 36500), 0),
    directory: v.optional(field.switchable(), false),
    directory_allow: v.optional(v.array(field.network(), "a list of networks"), []),
    directory_deny: v.optional(v.array(field.network(), "a list of networks"), []),
    register_with: v.optional(v.array(field.serverAddress(), "a list of server addresses"), []),
  },
  aTable,
);

const connect = v.object({ on_boot: v.optional(field.switchable(), false) }, aTable);

const recordingPolicy = field.oneOf("notify", "mute-until-ack", "refuse");
const privacy = v.object(
  {
    recording: v.optional(recordingPolicy, "notify"),
    chat: v.optional(field.switchable(), false),
  },
  aTable,
);

const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

// 107 bytes is what the kernel takes for a Unix socket's path.
const socketPath = field.nonEmpty(107, "a path of at most 107 bytes");
const control = v.object({ socket: v.optional(socketPath, defaultSocket) }, aTable);

const webListen = v.union([v.literal("off"), field.listenAddress()], '"off", "address:port", "[v6]:port"');
const web = v.object({ listen: v.optional(webListen, "off") }, aTable);

const log = v.object({ level: v.optional(field.oneOf(...logLevels), "info") }, aTable);

/** As written, before values that follow from others are filled in. Each table may be left out. */
export const fileSchema = v.object({
  role: v.optional(field.oneOf("box", "hub", "both"), "box"),
  profile: v.optional(profile, {}),
  server: v.optional(v.array(server, "[[server]] tables"), []),
  connect: v.optional(connect, {}),
  audio: v.optional(audio, {}),
  privacy: v.optional(privacy, {}),
  panel: v.optional(panel, {}),
  control: v.optional(control, {}),
  web: v.optional(web, {}),
  hub: v.optional(hub, {}),
  log: v.optional(log, {}),
});

export const configSchema = v.pipe(
  fileSchema,
  v.transform((file) => ({
    ...file,
    server: file.server.map(({ name, address }) => ({ name: name ?? address, address })),
    audio: {
      ...file.audio,
      capture: file.audio.capture ?? file.audio.device,
      playback: file.audio.playback ?? file.audio.device,
    },
  })),
);

/**
 * The whole configuration, with the file's own key names. `profile` holds wire codes for country, instrument and
 * skill (spec appendices A to C); a server without a name goes by its address; `audio.capture` and
 * `audio.playback` are `audio.device` where they are not set.
 */
export type Config = v.InferOutput<typeof configSchema>;
