// The wiring diagram of a hub: server, recorder and directory, with a panel and a control socket, and nobody who plays.

import { loadAddon } from "./audio/addon.js";
import type { Counters, Levels, ThreadTiming } from "./audio/engine.js";
import type { Mixer, MixerOptions } from "./audio/mixer.js";
import { createNativeMixer } from "./audio/native-mixer.js";
import { createNativeRecorder } from "./audio/native-recorder.js";
import { refusalText } from "./audio/refusal.js";
import type { Box, BoxParts } from "./box.js";
import type { Config } from "./config/schema.js";
import { ControlServer } from "./control/control-server.js";
import type { Wish } from "./control/controlled-box.js";
import type { Display } from "./controller.js";
import { stopping } from "./core/display.js";
import { initialState } from "./core/state.js";
import { statusOf } from "./core/status.js";
import type { PanelView } from "./core/view.js";
import { Hub } from "./hub/hub.js";
import { HubButtons } from "./hub/hub-buttons.js";
import { hubLine, hubView } from "./hub/hub-view.js";
import { systemClock } from "./lib/clock.js";
import { createLogger } from "./lib/logger.js";
import { version } from "./lib/version.js";
import { HardwarePanel } from "./panel/hardware-panel.js";
import type { EdgeListener } from "./panel/panel.js";
import { resolveServer } from "./session/resolve.js";
import { hubSettings, panelOptions, recordingSettings } from "./settings.js";
import { powerOff } from "./system/power-off.js";
import { watchProcessEnd } from "./system/process-end.js";
import { ServiceLink } from "./system/service-link.js";
import { stateFolder } from "./system/wanted-store.js";

type HubParts = Pick<BoxParts, "clock" | "logger" | "stateFolder" | "createMixer">;

/** A hub that has yet to be started; a box that is both has one, too. */
export function makeHub(config: Config, parts: HubParts = {}): Hub {
  const clock = parts.clock ?? systemClock;
  const logger = parts.logger ?? createLogger(config.log.level);
  const recording = recordingSettings(config);
  const createMixer = (options: MixerOptions): Mixer => {
    const mixer = createNativeMixer(options);
    for (const what of ["priority", "memory"] as const) {
      const code = mixer.refusals[what];
      // A box that plays, too, hears it of its engine.
      if (code !== null && config.role === "hub") logger.warn(refusalText(what, code));
    }
    return mixer;
  };
  return new Hub({
    settings: hubSettings(config),
    createMixer: parts.createMixer ?? createMixer,
    ...(recording && {
      createRecorder: (mixer, onNotice) =>
        createNativeRecorder(mixer, { ...recording, clock, logger, onNotice }),
    }),
    clock,
    logger,
    stateFolder: parts.stateFolder ?? stateFolder(),
    resolve: async (address) => {
      const resolution = await resolveServer(address);
      return resolution.found ? resolution.endpoint : null;
    },
  });
}

/** Throws where another box has the control socket. */
export async function startHub(config: Config, parts: BoxParts = {}): Promise<Box> {
  const clock = parts.clock ?? systemClock;
  const logger = parts.logger ?? createLogger(config.log.level);
  const hub = makeHub(config, { ...parts, clock, logger });
  const buttons = new HubButtons({
    clock,
    onRecord: () => hub.record("toggle"),
    onPowerOff: () => void shutDown(true),
  });
  const edge: EdgeListener = (button, down, atMs) => buttons.edge(button, down, atMs);
  const displays = new Set<Display>();

  let panel: HardwarePanel | null = null;
  let ended = () => {};
  let ending: Promise<void> | null = null;
  let isSwitchedOff = false;
  const stopped = new Promise<void>((resolve) => {
    ended = resolve;
  });
  const box: Box = {
    servers: [],
    chatAllowed: false,
    status() {
      const idle = statusOf(initialState([], config.privacy), {
        version,
        role: config.role,
        levels: silence,
        counters: noCounts,
        timing: noTiming,
        clientLevels: [],
        dropped: new Map(),
        troubles: [...(parts.configTrouble?.sentences ?? []), ...(panel?.troubles ?? [])],
        hub: hub.status(),
      });
      const { leds, display } = view();
      return { ...idle, panel: { leds, display: display.map(({ text }) => text) } };
    },
    onChange: (changed) => hub.onChange(changed),
    dispatch: press,
    record: (wish) => hub.record(wish),
    attach(display, presses) {
      presses?.onEdge(edge);
      displays.add(display);
      display.show(view());
      return () => displays.delete(display);
    },
    stop: () => shutDown(false),
    stopped,
  };
  hub.onChange(show);
  const control = new ControlServer({ path: config.control.socket, box, clock, logger });
  const service = new ServiceLink({
    scheduler: clock,
    logger,
    notify: (socket, text) => loadAddon().notifyService(socket, text),
    turns: () => hub.turns,
    status: () => hubLine(hub.status()),
  });
  hub.onChange(() => service.changed());
  const problem = await control.start();
  if (problem !== null) logger.error(problem);
  // Pins and ports only now: where another box lives, they are that one's.
  panel = new HardwarePanel({
    ...panelOptions(config),
    native: loadAddon,
    clock,
    levels: () => null,
    onTrouble: (sentence) => logger.warn(sentence),
    onFound: (sentence) => logger.info(sentence),
  });
  const unwatch = (parts.watchProcessEnd ?? watchProcessEnd)({
    asked: () => void box.stop(),
    crashed: (error) => logger.fatal({ err: error }, "a bug ends the hub"),
  });
  box.attach(panel, panel);
  hub.start();
  service.ready();
  return box;

  /** What is last on the display of a machine that is switched off stays there. */
  function view(): PanelView {
    const shown = hubView(hub.status(), parts.configTrouble ?? null);
    return isSwitchedOff ? { ...shown, display: stopping("power-off") } : shown;
  }

  function show(): void {
    const shown = view();
    for (const display of displays) display.show(shown);
  }

  /** Of what a socket may wish of a box, a hub knows the buttons. */
  function press(wish: Wish): void {
    if (wish.kind !== "button.down" && wish.kind !== "button.up") return;
    buttons.edge(wish.button, wish.kind === "button.down", clock.nowMs());
  }

  function shutDown(switchOff: boolean): Promise<void> {
    ending ??= (async () => {
      service.stopping();
      buttons.close();
      isSwitchedOff = switchOff;
      show();
      await Promise.all([control.stop(), hub.stop(switchOff ? "for-good" : "for-a-while")]);
      await panel?.close(switchOff);
      unwatch();
      if (switchOff) {
        const problem = await (parts.powerOff ?? powerOff)();
        if (problem !== null) logger.error(problem);
      }
      ended();
    })();
    return ending;
  }
}

/** A hub has no card and no session of its own. */
const silence: Levels = { capture: [], playback: [] };
const none = { p50: 0, p999: 0, max: 0 };
const noTiming: ThreadTiming = { latenessMs: none, workShare: none };
const noCounts: Counters = {
  xruns: 0,
  concealed: 0,
  decoded: 0,
  late: 0,
  lost: 0,
  headroomFrames: 0,
  jitterBlocks: 0,
  jitterMs: 0,
  driftPpm: null,
  packetsSent: 0,
  packetsReceived: 0,
  wrongSize: 0,
  strangers: 0,
  messagesDropped: 0,
  noticesDropped: 0,
  sendFailures: 0,
};
