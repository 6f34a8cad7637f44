// A box without sound or network, on a clock turned by hand: a server that does as it is told, fingers, a card.

import { Controller, type Handlers } from "../../src/controller.js";
import type { ButtonName, Event, TimerName, Untimed } from "../../src/core/event.js";
import { initialState, type RecordingPolicy, type Tristate } from "../../src/core/state.js";
import { type Status, statusOf } from "../../src/core/status.js";
import type { PanelView } from "../../src/core/view.js";
import { NamedTimers } from "../../src/lib/named-timers.js";
import { busyCard, card, club, school } from "./box-state.js";
import { noCounts, noTiming } from "./fake-engine.js";
import { ManualClock } from "./manual-clock.js";
import { Onlooker } from "./onlooker.js";

const leaveTakesMs = 40;

export class SimulatedDay {
  readonly clock = new ManualClock(1000);
  readonly onlooker: Onlooker;
  /** How the server answers the next attempts to join. */
  server: "welcomes" | "is full" | "is away" = "welcomes";
  /** What it says of its recorder as soon as somebody is in. */
  recorder: Tristate = "unknown";
  /** What it says of it to who asks before; null: it does not answer. */
  enquiry: Tristate | null = null;
  /** Whether the box was asked to end, and then to switch off. */
  ended: { readonly powerOff: boolean } | null = null;
  view: PanelView | null = null;
  readonly #timers = new NamedTimers<TimerName>(this.clock, (timer) =>
    this.happen({ kind: "timer.fired", timer }),
  );
  readonly #controller: Controller;
  #session = 0;

  constructor(policy: RecordingPolicy) {
    this.onlooker = new Onlooker(policy);
    const handlers: Handlers = {
      "session.start": () => this.#join(),
      "session.probe": () => {},
      "session.leave": () => this.#leave(),
      "session.say": () => {},
      "card.open": () => {},
      "audio.mute": ({ muted }) => this.onlooker.microphone(muted),
      "audio.guard": ({ armed }) => this.onlooker.guard(armed),
      "voice.say": ({ prompt }) => this.onlooker.hear(prompt, this.clock.nowMs()),
      "audio.gain": () => {},
      "timer.set": ({ timer, inMs }) => this.#timers.set(timer, inMs),
      "timer.clear": ({ timer }) => this.#timers.clear(timer),
      "wanted.store": () => {},
      log: () => {},
      "box.stop": ({ powerOff }) => {
        this.#timers.clearAll();
        this.ended = { powerOff };
      },
    };
    this.#controller = new Controller(
      initialState([school, club], { recording: policy, chat: false }),
      handlers,
    );
    this.#controller.attach({
      show: (view) => {
        this.view = view;
      },
    });
    this.happen({ kind: "box.started", connectOnBoot: false, remembered: null });
    this.happen({ kind: "card.opened", card });
  }

  get status(): Status {
    return statusOf(this.#controller.state, {
      version: "0.0.0",
      role: "box",
      levels: { capture: [], playback: [] },
      counters: noCounts,
      timing: noTiming,
      clientLevels: [],
      dropped: new Map(),
      troubles: [],
    });
  }

  pass(ms: number): void {
    this.clock.advance(ms);
  }

  finger(button: ButtonName, isDown: boolean): void {
    if (button === "mute" && isDown) this.onlooker.mutePressed();
    if (button === "mute" && !isDown) this.onlooker.muteLetGo(this.clock.nowMs());
    this.happen({ kind: isDown ? "button.down" : "button.up", button });
    this.onlooker.isAnswering = false;
  }

  press(button: ButtonName, heldMs = 80): void {
    this.finger(button, true);
    this.pass(heldMs);
    this.finger(button, false);
  }

  /** The server switches its recorder, and tells who is there. */
  record(recorder: Tristate): void {
    this.recorder = recorder;
    if (this.onlooker.phase !== "in") return;
    this.onlooker.told(recorder, this.clock.nowMs());
    this.happen({ kind: "session.recording", recording: recorder });
  }

  askForLicence(): void {
    if (this.onlooker.phase === "in") this.happen({ kind: "session.licence-asked" });
  }

  /** The server is gone, and says nothing. */
  lose(): void {
    if (this.onlooker.phase === "in") this.#end({ kind: "silent" });
  }

  /** The server comes up anew beneath the session. */
  restart(): void {
    if (this.onlooker.phase === "in") this.#welcome(this.#session);
  }

  /** The server's sound comes in, or does not. */
  sound(heard: boolean): void {
    if (this.onlooker.phase !== "in") return;
    this.onlooker.isHeard = heard;
    this.happen({ kind: "session.heard", heard });
  }

  tunnel(encrypted: boolean): void {
    this.onlooker.path(encrypted);
    this.happen({ kind: "path.encrypted", encrypted });
  }

  pullCard(): void {
    this.onlooker.hasCard = false;
    this.happen({ kind: "card.lost", failure: busyCard });
  }

  plugCard(): void {
    this.onlooker.hasCard = true;
    this.happen({ kind: "card.opened", card });
  }

  happen(event: Untimed): void {
    if (this.ended !== null) return;
    this.#controller.dispatch({ ...event, atMs: this.clock.nowMs() } as Event);
    if (this.view && this.ended === null) this.onlooker.look(this.view, this.status, this.clock.nowMs());
  }

  #join(): void {
    const session = ++this.#session;
    this.onlooker.approach(this.clock.nowMs());
    const { server, enquiry } = this;
    if (enquiry !== null) this.clock.after(30, () => this.#answer(session, enquiry));
    if (server === "is away") this.clock.after(3000, () => this.#fail(session, { kind: "no-answer" }));
    if (server === "is full") this.clock.after(60, () => this.#fail(session, { kind: "full" }));
    if (server === "welcomes") this.clock.after(80, () => this.#welcome(session));
  }

  #answer(session: number, recording: Tristate): void {
    if (!this.#isOn(session)) return;
    this.onlooker.answered(recording, this.clock.nowMs());
    const answers = { version: "4.0.0", clients: 1, pingMs: 30 };
    this.happen({
      kind: "session.enquired",
      serverLogs: "no",
      serverMayRecord: "yes",
      recording,
      answers,
    });
  }

  #welcome(session: number): void {
    if (!this.#isOn(session)) return;
    this.onlooker.welcomed();
    this.happen({ kind: "session.connected", clientId: 0 });
    this.sound(true);
    if (this.recorder !== "unknown") this.record(this.recorder);
  }

  #fail(session: number, reason: Extract<Untimed, { kind: "session.ended" }>["reason"]): void {
    if (this.#isOn(session)) this.#end(reason);
  }

  #leave(): void {
    const session = this.#session;
    this.onlooker.leave();
    this.clock.after(leaveTakesMs, () => {
      if (session === this.#session && this.onlooker.phase === "leaving") this.#end({ kind: "left" });
    });
  }

  #end(reason: Extract<Untimed, { kind: "session.ended" }>["reason"]): void {
    this.onlooker.over(reason.kind !== "left");
    this.happen({ kind: "session.ended", reason });
  }

  #isOn(session: number): boolean {
    return (
      session === this.#session && (this.onlooker.phase === "approaching" || this.onlooker.phase === "in")
    );
  }
}
