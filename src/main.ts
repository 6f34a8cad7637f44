// The wiring diagram of a box: builds every part, connects them, starts and stops them.

import { loadAddon } from "./audio/addon.js";
import { listDevices, pickDevice } from "./audio/devices.js";
import type { Card, Endpoint, EngineNotice } from "./audio/engine.js";
import { createNativeEngine } from "./audio/native-engine.js";
import { refusalText } from "./audio/refusal.js";
import type { Box, BoxParts } from "./box.js";
import type { Config } from "./config/schema.js";
import { ControlServer } from "./control/control-server.js";
import type { RecordingWish } from "./control/controlled-box.js";
import { Controller, type Handlers } from "./controller.js";
import type { Timing } from "./core/card-timing.js";
import type { ButtonName, Event, TimerName, Untimed } from "./core/event.js";
import { initialState } from "./core/state.js";
import { statusOf } from "./core/status.js";
import { statusLine } from "./core/status-line.js";
import { systemClock } from "./lib/clock.js";
import { createLogger } from "./lib/logger.js";
import { NamedTimers } from "./lib/named-timers.js";
import { writeServerAddress } from "./lib/server-address.js";
import { version } from "./lib/version.js";
import { HardwarePanel } from "./panel/hardware-panel.js";
import { Voice } from "./panel/voice/voice.js";
import { Ghost } from "./session/ghost.js";
import { Session } from "./session/session.js";
import { cardLatencyMs, cardOptions, ownHub, panelOptions, wantedTransport } from "./settings.js";
import { makeHub, startHub } from "./start-hub.js";
import { NetworkWatch } from "./system/network-watch.js";
import { PathWatch } from "./system/path-watch.js";
import { powerOff } from "./system/power-off.js";
import { watchProcessEnd } from "./system/process-end.js";
import { ServiceLink } from "./system/service-link.js";
import { SideShell } from "./system/side-shell.js";
import { isEncrypted } from "./system/tunnel.js";
import { UpdateWatch } from "./system/update-watch.js";
import { stateFolder, WantedStore } from "./system/wanted-store.js";

/** A box, a hub or both, as the configuration has it. Throws as those do. */
export function start(config: Config, parts: BoxParts = {}): Promise<Box> {
  return config.role === "hub" ? startHub(config, parts) : startBox(config, parts);
}

/** Throws where the native engine cannot be made: the addon is missing, or the system has no socket for it. */
async function startBox(config: Config, parts: BoxParts = {}): Promise<Box> {
  const clock = parts.clock ?? systemClock;
  const logger = parts.logger ?? createLogger(config.log.level);
  const pickCard = parts.pickCard ?? (() => pickDevice(listDevices()));
  const transport = wantedTransport(config);

  const folder = parts.stateFolder ?? stateFolder();
  const store = new WantedStore(folder, logger);
  const ghost = new Ghost(folder, logger);
  const engine = (parts.createEngine ?? createNativeEngine)({ onNotice: hear });
  const { voice: speaks, language } = config.panel;
  const voice = speaks ? new Voice({ engine, clock, language, logger }) : null;
  const session = new Session({
    engine,
    clock,
    profile: config.profile,
    transport,
    jitter: config.audio.jitter,
    chat: config.privacy.chat,
    cardMs: () => latencyOf(runningCard()),
    emit: (event) => {
      controller.dispatch(event);
      path.follow(session.peer);
      ghost.follow(engine.port, session.peer);
    },
  });
  // Made before any sound, since it forks.
  const shell = parts.sideShell ?? new SideShell();
  const path = new PathWatch({
    scheduler: clock,
    isEncrypted: (server) => isEncrypted(server, shell.run),
    emit: (encrypted) => happened({ kind: "path.encrypted", encrypted }),
  });
  const network = new NetworkWatch({
    scheduler: clock,
    emit: (link) => happened({ kind: "link.changed", link }),
  });
  const updates = new UpdateWatch({
    scheduler: clock,
    emit: (update) => happened({ kind: "update.told", update }),
    ...(parts.updateStatus !== undefined && { path: parts.updateStatus }),
  });
  const timers = new NamedTimers<TimerName>(clock, (timer) => happened({ kind: "timer.fired", timer }));
  const handlers: Handlers = {
    "session.start": ({ server }) =>
      session.start(server, { enquireFirst: config.privacy.recording === "refuse" }),
    "session.leave": () => session.leave(),
    "session.probe": ({ server }) => session.probe(server),
    "session.say": ({ text }) => session.say(text),
    "card.open": ({ timing }) => void openCard(timing),
    "audio.mute": ({ muted }) => engine.setMuted(muted),
    "audio.guard": ({ armed }) => engine.setRecordingGuard(armed),
    "voice.say": ({ prompt }) => voice?.say(prompt),
    "audio.gain": ({ db }) => engine.setInputGainDb(db),
    "timer.set": ({ timer, inMs }) => timers.set(timer, inMs),
    "timer.clear": ({ timer }) => timers.clear(timer),
    "wanted.store": ({ wish }) => store.store(wish),
    log: ({ level, text }) => logger[level](text),
    "box.stop": ({ powerOff }) => void shutDown(powerOff),
  };
  // A box that is a hub, too, plays there unless told otherwise.
  const hub = config.role === "both" ? makeHub(config, { ...parts, clock, logger }) : null;
  const servers = hub ? [ownHub(config), ...config.server] : config.server;
  const controller = new Controller(
    initialState(servers, config.privacy, parts.configTrouble ?? null, config.audio),
    handlers,
  );

  let panel: HardwarePanel | null = null;
  let unwatch = () => {};
  let ended = () => {};
  const stopped = new Promise<void>((resolve) => {
    ended = resolve;
  });
  const box: Box = {
    servers,
    chatAllowed: config.privacy.chat,
    status: () =>
      statusOf(controller.state, {
        version,
        role: config.role,
        levels: engine.levels(),
        counters: engine.counters(),
        timing: engine.timing(),
        clientLevels: session.levels,
        dropped: session.dropped,
        troubles: [
          ...(parts.configTrouble?.sentences ?? []),
          ...(panel?.troubles ?? []),
          ...(store.trouble === null ? [] : [store.trouble]),
        ],
        ...(hub && { hub: hub.status() }),
      }),
    onChange(changed) {
      const forgets = [controller.onChange(changed), hub?.onChange(changed)];
      return () => {
        for (const forget of forgets) forget?.();
      };
    },
    dispatch: happened,
    ...(hub && { record: (wish: RecordingWish) => hub.record(wish) }),
    attach(display, buttons) {
      buttons?.onEdge(edge);
      return controller.attach(display);
    },
    stop() {
      happened({ kind: "stop.asked" });
      return stopped;
    },
    stopped,
  };
  const control = new ControlServer({ path: config.control.socket, box, clock, logger });
  const service = new ServiceLink({
    scheduler: clock,
    logger,
    notify: (socket, text) => loadAddon().notifyService(socket, text),
    turns: () => [engine.turns(), ...(hub?.turns ?? [])],
    status: () => statusLine(controller.state),
  });
  controller.onChange(() => service.changed());
  engine.setChannelMode(config.audio.channels);
  engine.setInputGainDb(config.audio.input_gain_db);
  engine.setJitter(config.audio.jitter);
  try {
    const problem = await control.start();
    if (problem !== null) logger.error(problem);
  } catch (anotherBox) {
    await release();
    throw anotherBox;
  }
  // Pins and ports only now: where another box lives, they are that one's.
  panel = new HardwarePanel({
    ...panelOptions(config),
    native: loadAddon,
    clock,
    levels: () => (controller.state.connection.kind === "connected" ? engine.levels() : null),
    onTrouble: (sentence) => logger.warn(sentence),
    onFound: (sentence) => logger.info(sentence),
  });
  hub?.start();
  laid(await ghost.lay());
  unwatch = (parts.watchProcessEnd ?? watchProcessEnd)({ asked: () => void box.stop(), crashed });
  box.attach(panel, panel);
  happened({ kind: "box.started", connectOnBoot: config.connect.on_boot, remembered: store.load() });
  network.start();
  void updates.start();
  service.ready();
  // Some half as much work again as the start itself, which it would hold up on a small machine; nobody waits for it.
  voice?.begin();
  return box;

  function happened(event: Untimed): void {
    controller.dispatch({ ...event, atMs: clock.nowMs() } as Event);
  }

  /** Whoever got the goodbye of the last run knows that the box is here. */
  function laid(server: Endpoint | null): void {
    if (server === null) return;
    const to = writeServerAddress(server.address, server.port);
    happened({ kind: "session.disclosed", disclosure: { what: "address", to, atMs: clock.nowMs() } });
  }

  function edge(button: ButtonName, down: boolean, atMs: number): void {
    controller.dispatch({ kind: down ? "button.down" : "button.up", button, atMs });
  }

  function hear(notice: EngineNotice): void {
    switch (notice.kind) {
      case "card.lost":
      case "card.xrun":
        happened(notice);
        break;
      case "realtime.refused":
        logger.warn(refusalText(notice.what, notice.code));
        break;
      default:
        session.receive(notice);
    }
  }

  async function openCard(timing: Timing): Promise<void> {
    const options = cardOptions(config, pickCard(), timing);
    if (!options) {
      const failure = {
        device: "auto",
        call: "snd_card_next",
        code: "ENODEV",
        message: "no sound card found",
      };
      happened({ kind: "card.failed", failure });
      return;
    }
    const result = await engine.openCard(options);
    if (result.ok) happened({ kind: "card.opened", card: result.card });
    else happened({ kind: "card.failed", failure: result.failure });
  }

  function runningCard(): Card | null {
    const { engine } = controller.state;
    return engine.kind === "running" ? engine.card : null;
  }

  function latencyOf(card: Card | null): number {
    return card ? cardLatencyMs(card, engine.counters().headroomFrames, transport.blockFrames) : 0;
  }

  async function shutDown(switchOff: boolean): Promise<void> {
    service.stopping();
    timers.clearAll();
    await Promise.all([control.stop(), store.settled()]);
    session.dispose();
    ghost.follow(engine.port, session.peer);
    await ghost.settled();
    await hub?.stop(switchOff ? "for-good" : "for-a-while");
    if (switchOff) await saidIn(voice?.quietInMs() ?? 0);
    await release(switchOff);
    if (switchOff) {
      const problem = await (parts.powerOff ?? powerOff)();
      if (problem !== null) logger.error(problem);
    }
    ended();
  }

  /** Waits for the voice, but not for ever. */
  function saidIn(ms: number): Promise<void> {
    return new Promise((resolve) => clock.after(Math.min(ms, 5_000), resolve));
  }

  /** A machine that is about to be switched off goes on saying so. */
  async function release(leavePicture = false): Promise<void> {
    network.stop();
    updates.stop();
    path.follow(null);
    shell.close();
    voice?.close();
    engine.close();
    await panel?.close(leavePicture);
    unwatch();
  }

  function crashed(error: unknown): void {
    logger.fatal({ err: error }, "a bug ends the box");
    // No audio packet may follow the goodbye, or the server keeps us: the audio thread gets a few periods to hear.
    engine.leave();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    session.dispose();
  }
}
