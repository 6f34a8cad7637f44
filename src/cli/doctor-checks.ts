// What a box needs of its machine, one check each, with what to do where it is missing.

import { type Addon, loadAddon } from "../audio/addon.js";
import { pickDevice } from "../audio/devices.js";
import { loadConfig } from "../config/load-config.js";
import { formatProblem } from "../config/problem.js";
import { ControlClient } from "../control/control-client.js";
import { messageOf } from "./output.js";
import { noBox } from "./with-box.js";

export interface Check {
  readonly check: string;
  readonly ok: boolean;
  readonly detail: string;
  /** What to do; absent where all is well. */
  readonly fix?: string;
}

export interface Patient {
  readonly config?: string;
  readonly socket: string;
}

const oldestNode = 20;

/** Every check, in the order in which they should be put right. */
export async function examine({ config, socket }: Patient): Promise<Check[]> {
  return [
    nodeVersion(process.versions.node),
    ...engineChecks(),
    ...(config === undefined ? [] : [configuration(config)]),
    await boxAnswers(socket),
  ];
}

export function nodeVersion(version: string): Check {
  const ok = Number.parseInt(version, 10) >= oldestNode;
  return result("Node.js", ok, version, `Install Node.js ${oldestNode} or newer.`);
}

function engineChecks(): Check[] {
  const check = "sound engine";
  try {
    const addon = loadAddon();
    return [result(check, true, "loads", ""), soundDevices(addon), ...realtime(addon)];
  } catch (error) {
    const [detail = ""] = messageOf(error).split("\n");
    return [result(check, false, detail, "Build it with `npm run build:native`.")];
  }
}

function soundDevices(addon: Addon): Check {
  const devices = addon.listDevices();
  const chosen = pickDevice(devices);
  const found = devices.length === 0 ? "there is none" : `none of ${devices.length} both captures and plays`;
  const detail = chosen === null ? found : `"auto" means ${chosen}`;
  return result(
    "sound device",
    chosen !== null,
    detail,
    "Plug a sound card in; `plugjam devices` lists them.",
  );
}

/** An engine is started, since limits and capabilities foretell too little of what the kernel will grant. */
function realtime(addon: Addon): Check[] {
  const engine = new addon.Engine(0, () => {});
  const { priority, memory } = engine.refusals();
  engine.close();
  const limits = "in /etc/security/limits.d for the box's user";
  return [
    granted("realtime priority", priority, `Allow it: \`rtprio 95\` ${limits}.`),
    granted("locked memory", memory, `Allow it: \`memlock unlimited\` ${limits}.`),
  ];
}

function granted(check: string, refusal: string | null, fix: string): Check {
  return result(check, refusal === null, refusal === null ? "granted" : `refused (${refusal})`, fix);
}

function configuration(file: string): Check {
  const loaded = loadConfig(file, []);
  const check = "configuration";
  if (loaded.ok) return result(check, true, `${file} is good`, "");
  const [first, ...more] = loaded.problems.map(formatProblem);
  const detail = more.length === 0 ? `${first}` : `${first} (and ${more.length} more)`;
  return result(check, false, detail, `See \`plugjam check ${file}\`.`);
}

async function boxAnswers(socket: string): Promise<Check> {
  const check = "running box";
  try {
    const box = await ControlClient.connect(socket);
    const { version } = await box.call("status", {}).finally(() => box.close());
    return result(check, true, `version ${version} answers at ${socket}`, "");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const { what, fix } = noBox(socket, code);
    return result(check, false, what, `${fix.charAt(0).toUpperCase()}${fix.slice(1)}`);
  }
}

function result(check: string, ok: boolean, detail: string, fix: string): Check {
  return ok ? { check, ok, detail } : { check, ok, detail, fix };
}
