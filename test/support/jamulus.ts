// Debian's Jamulus as the real peer: a headless server, and headless clients beside ours.
import { createSocket } from "node:dgram";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { freeTcpPort, freeUdpPort } from "./free-port.js";
import type { JackServer } from "./jack.js";
import { JamulusRpc } from "./jamulus-rpc.js";
import { launch, type TestProcess } from "./process.js";
import { until } from "./until.js";

const secret = "a secret of sixteen letters or more";

export interface JamulusServerOptions {
  /** UDP; a free one by default. */
  readonly port?: number;
  /** Where it is pinged to see whether it is ready; loopback by default. */
  readonly host?: string;
  /** 64-frame ticks (-F) in place of 128. */
  readonly fastUpdate?: boolean;
  /** An existing folder to record into (-R). Recording starts with the first client. */
  readonly recording?: string;
  readonly welcome?: string;
  /** Clients are shown a licence (-L). */
  readonly licence?: boolean;
  /** More arguments, as on the command line. */
  readonly args?: readonly string[];
}

/** One client as the server's JSON-RPC tells of it. */
export interface ServedClient {
  readonly id: number;
  readonly address: string;
  readonly name: string;
  readonly jitterBufferSize: number;
  readonly channels: number;
}

export interface RecorderStatus {
  readonly initialised: boolean;
  readonly enabled: boolean;
  readonly errorMessage: string;
  readonly recordingDirectory: string;
}

/** One client as another client's JSON-RPC tells of it. */
export interface ListedClient {
  readonly id: number;
  readonly name: string;
  readonly skillLevel: string;
  readonly countryId: number;
  readonly city: string;
  readonly instrumentId: number;
}

export interface JamulusClientOptions {
  readonly server: { readonly port: number };
  readonly jack: JackServer;
  /** At most 16 letters. */
  readonly name: string;
  readonly city?: string;
  /** Wire code of the country (spec, appendix B). */
  readonly country?: number;
  readonly instrument?: number;
  readonly skill?: 0 | 1 | 2 | 3;
  /** 0 mono, 1 mono in stereo out, 2 stereo. */
  readonly audioChannels?: 0 | 1 | 2;
  /** 0 low, 1 normal, 2 high. */
  readonly audioQuality?: 0 | 1 | 2;
  /** 64-frame blocks. */
  readonly smallBlocks?: boolean;
  /** Depth of the jitter buffer here and at the server, 1 to 20, or as the network asks. */
  readonly jitterBlocks?: number | "auto";
  readonly args?: readonly string[];
}

/** What servers and clients have in common. */
class JamulusProgram {
  readonly port: number;
  readonly rpc: JamulusRpc;
  readonly process: TestProcess;

  constructor(running: RunningProgram) {
    this.port = running.port;
    this.rpc = running.rpc;
    this.process = running.process;
  }

  /** Its last lines. */
  log(): string {
    return this.process.log();
  }

  /** Lets it take its leave (SIGTERM). */
  async stop(): Promise<void> {
    await this.process.stop();
    this.rpc.close();
  }

  /** As a power cut would (SIGKILL): no goodbye. */
  async kill(): Promise<void> {
    await this.process.kill();
    this.rpc.close();
  }
}

export class JamulusServer extends JamulusProgram {
  async clients(): Promise<ServedClient[]> {
    return ((await this.rpc.call("jamulusserver/getClients")) as { clients: ServedClient[] }).clients;
  }

  async recorderStatus(): Promise<RecorderStatus> {
    return (await this.rpc.call("jamulusserver/getRecorderStatus")) as RecorderStatus;
  }

  /** Resolves with its clients when exactly these names are connected, in any order. */
  async serves(names: readonly string[]): Promise<ServedClient[]> {
    return until(`the server to serve ${JSON.stringify(names)}`, async () => {
      const clients = await this.clients();
      return sameNames(clients, names) && clients;
    });
  }
}

export class JamulusClient extends JamulusProgram {
  /** As last told by the server; empty before. */
  async clientList(): Promise<ListedClient[]> {
    const result = (await this.rpc.call("jamulusclient/getClientList")) as { clients?: ListedClient[] };
    return result.clients ?? [];
  }

  /** Resolves with the list when this client sees exactly these names, in any order. */
  async sees(names: readonly string[]): Promise<ListedClient[]> {
    return until(`a client to see ${JSON.stringify(names)}`, async () => {
      const clients = await this.clientList();
      return sameNames(clients, names) && clients;
    });
  }

  async say(chatText: string): Promise<void> {
    await this.rpc.call("jamulusclient/sendChatText", { chatText });
  }

  /** The first chat line, of all since the start, that holds these words; as HTML, the way servers send it. */
  async hears(words: string): Promise<string> {
    const { params } = await this.rpc.notification("jamulusclient/chatTextReceived", ({ chatText }) =>
      String(chatText).includes(words),
    );
    return String(params.chatText);
  }
}

interface RunningProgram {
  readonly port: number;
  readonly rpc: JamulusRpc;
  readonly process: TestProcess;
}

/** Starts one with a home of its own. Its last lines are in the error if it ends, or has no JSON-RPC, before long. */
async function start(
  port: number,
  prepare: (home: string) => Promise<readonly string[]>,
  env: NodeJS.ProcessEnv = {},
): Promise<RunningProgram> {
  const home = await mkdtemp(path.join(tmpdir(), "plugjam-jamulus-"));
  const secretFile = path.join(home, "secret");
  await writeFile(secretFile, secret, { mode: 0o600 });
  const ownArgs = await prepare(home);
  const rpcPort = await freeTcpPort();
  const common = ["--nogui", "--port", String(port), "--jsonrpcport", String(rpcPort)];
  const program = launch("Jamulus", [...common, "--jsonrpcsecretfile", secretFile, ...ownArgs], {
    env: { QT_QPA_PLATFORM: "offscreen", HOME: home, XDG_CONFIG_HOME: home, ...env },
    ownFolder: home,
  });
  try {
    const rpc = await JamulusRpc.open(rpcPort, secret, { hopeless: () => program.end });
    return { port, rpc, process: program };
  } catch (cause) {
    await program.stop();
    throw new Error(`Jamulus did not start: ${program.describe()}`, { cause });
  }
}

/** Ready when this resolves: it answers pings. */
export async function startJamulusServer(options: JamulusServerOptions = {}): Promise<JamulusServer> {
  const port = options.port ?? (await freeUdpPort());
  const args = ["--server"];
  if (options.fastUpdate) args.push("--fastupdate");
  if (options.recording !== undefined) args.push("--recording", options.recording);
  if (options.welcome !== undefined) args.push("--welcomemessage", options.welcome);
  if (options.licence) args.push("--licence");
  args.push(...(options.args ?? []));
  const server = new JamulusServer(await start(port, () => Promise.resolve(args)));
  await answersPing(options.host ?? "127.0.0.1", port, server.process);
  return server;
}

/** Ready when this resolves: it runs and tries to connect. Whether it is connected, `sees` and `serves` tell. */
export async function startJamulusClient(options: JamulusClientOptions): Promise<JamulusClient> {
  const prepare = async (home: string) => {
    const profile = path.join(home, "client.ini");
    await writeFile(profile, profileXml(options));
    const server = ["--connect", `127.0.0.1:${options.server.port}`];
    return ["--inifile", profile, ...server, "--clientname", options.name, ...(options.args ?? [])];
  };
  const port = await freeUdpPort();
  return new JamulusClient(await start(port, prepare, options.jack.env));
}

function sameNames(clients: readonly { readonly name: string }[], names: readonly string[]): boolean {
  const seen = clients.map(({ name }) => name).sort();
  return JSON.stringify(seen) === JSON.stringify([...names].sort());
}

/** The settings file (spec 9.7), of which Jamulus fills in what is absent. */
function profileXml(options: JamulusClientOptions): string {
  const base64 = (text: string) => Buffer.from(text, "utf8").toString("base64");
  const settings = {
    name_base64: base64(options.name),
    city_base64: base64(options.city ?? ""),
    country: options.country ?? 0,
    instrument: options.instrument ?? 0,
    skill: options.skill ?? 0,
    audiochannels: options.audioChannels ?? 0,
    audioquality: options.audioQuality ?? 1,
    enableopussmall: options.smallBlocks ? 1 : 0,
    ...jitterSettings(options.jitterBlocks ?? "auto"),
  };
  const lines = Object.entries(settings).map(([key, value]) => `<${key}>${value}</${key}>`);
  return `<client>${lines.join("")}</client>`;
}

function jitterSettings(blocks: number | "auto"): Record<string, number> {
  return blocks === "auto" ? { autojitbuf: 1 } : { autojitbuf: 0, jitbuf: blocks, jitbufserver: blocks };
}

/** CLM_PING_MS (spec 2.3), which a server sends back as it came. */
const ping = Buffer.from("0000e903000400dc0300000ede", "hex");

async function answersPing(host: string, port: number, server: TestProcess): Promise<void> {
  const socket = createSocket("udp4");
  let answered = false;
  socket.on("message", (datagram) => {
    answered ||= datagram.equals(ping);
  });
  // Before the server has its port, Linux tells the next send that nobody is there.
  socket.on("error", () => undefined);
  try {
    const pingOnce = () => {
      if (!answered) socket.send(ping, port, host);
      return answered;
    };
    await until(`an answer to a ping on port ${port}`, pingOnce, { hopeless: () => server.end });
  } finally {
    socket.close();
  }
}
