// A running box, hub or both, as whoever starts it holds it; and what may be put in place of its real parts.

import type { AudioEngine, EngineNotice } from "./audio/engine.js";
import type { ControlledBox } from "./control/controlled-box.js";
import type { Display } from "./controller.js";
import type { ConfigTrouble } from "./core/config-trouble.js";
import type { HubOptions } from "./hub/hub.js";
import type { Clock, Scheduler } from "./lib/clock.js";
import type { Logger } from "./lib/logger.js";
import type { Buttons } from "./panel/panel.js";
import type { powerOff } from "./system/power-off.js";
import type { watchProcessEnd } from "./system/process-end.js";
import type { SideShell } from "./system/side-shell.js";

/** What a test or the demo may put in place of the real thing. */
export interface BoxParts {
  readonly clock?: Clock & Scheduler;
  readonly logger?: Logger;
  readonly createEngine?: (options: { readonly onNotice: (notice: EngineNotice) => void }) => AudioEngine;
  readonly createMixer?: HubOptions["createMixer"];
  /** The sound device that "auto" stands for; null: there is none. */
  readonly pickCard?: () => string | null;
  /** Where the box keeps what must survive a power cut. */
  readonly stateFolder?: string;
  readonly watchProcessEnd?: typeof watchProcessEnd;
  readonly powerOff?: typeof powerOff;
  /** What was wrong with the configuration that this one stands in for. */
  readonly configTrouble?: ConfigTrouble;
  /** The file in which the updater says what it is at. */
  readonly updateStatus?: string;
  readonly sideShell?: Pick<SideShell, "run" | "close">;
}

export interface Box extends ControlledBox {
  /** Shows the view there from now on, and takes the presses of these buttons. Gives what ends the showing. */
  attach(display: Display, buttons?: Buttons): () => void;
  /** Says goodbye and ends; the same as waiting for `stopped` when it is ending already. */
  stop(): Promise<void>;
  /** Resolves when the box has ended, for whatever reason, and holds nothing any more. */
  readonly stopped: Promise<void>;
}
