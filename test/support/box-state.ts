// Boxes in well-known situations, and the events that lead there, for tests of what follows.

import type { Card, CardFailure } from "../../src/audio/engine.js";
import type { Effect } from "../../src/core/effect.js";
import type { ButtonName, TimerName, Untimed } from "../../src/core/event.js";
import type { Prompt } from "../../src/core/prompt.js";
import {
  initialState,
  type RecordingPolicy,
  type Server,
  type State,
  type Tristate,
} from "../../src/core/state.js";
import { transition } from "../../src/core/transition.js";

export const school: Server = { name: "School", address: "school.example:22124" };
export const club: Server = { name: "Jazz Club", address: "club.example" };

export const card: Card = {
  capture: "hw:1",
  playback: "hw:1",
  periodFrames: 64,
  periods: 2,
  sampleFormat: "S16_LE",
  captureChannels: 2,
  playbackChannels: 2,
  linked: true,
  mmap: true,
  converted: null,
};

export const busyCard: CardFailure = {
  device: "hw:1",
  call: "snd_pcm_open",
  code: "EBUSY",
  message: "Device or resource busy",
};

export type Happening = Untimed;

/** Lets things happen one after the other, a millisecond apart, and collects what was asked for. */
export function play(
  state: State,
  ...happenings: readonly (Happening | readonly Happening[])[]
): { state: State; effects: Effect[] } {
  let atMs = 1000;
  const effects: Effect[] = [];
  for (const happening of happenings.flat()) {
    const next = transition(state, { ...happening, atMs });
    state = next.state;
    effects.push(...next.effects);
    atMs += 1;
  }
  return { state, effects };
}

export const boot: Happening = { kind: "box.started", connectOnBoot: false, remembered: null };
export const down = (button: ButtonName): Happening => ({ kind: "button.down", button });
export const up = (button: ButtonName): Happening => ({ kind: "button.up", button });
export const pressConnect: readonly Happening[] = [down("connect"), up("connect")];
export const pressMute: readonly Happening[] = [down("mute"), up("mute")];
export const welcomed: Happening = { kind: "session.connected", clientId: 3 };
export const recording = (answer: Tristate): Happening => ({
  kind: "session.recording",
  recording: answer,
});
export const hears = (heard: boolean): Happening => ({ kind: "session.heard", heard });
/** The end of an enquiry at a server that keeps a log and may record. */
export const enquired = (recording: Tristate): Happening => ({
  kind: "session.enquired",
  serverLogs: "yes",
  serverMayRecord: "yes",
  recording,
  answers: { version: "3.12.4", clients: 3, pingMs: 12 },
});
export const ended = (kind: "left" | "no-answer" | "silent" | "full" | "closed-by-server"): Happening => ({
  kind: "session.ended",
  reason: { kind },
});
export const fired = (timer: TimerName): Happening => ({ kind: "timer.fired", timer });

export function fresh(
  policy: RecordingPolicy = "notify",
  servers: readonly Server[] = [school, club],
  chat = false,
): State {
  return initialState(servers, { recording: policy, chat });
}

export function idle(policy?: RecordingPolicy): State {
  return play(fresh(policy), boot, { kind: "card.opened", card }).state;
}

export function connecting(policy?: RecordingPolicy): State {
  return play(idle(policy), pressConnect).state;
}

export function connected(policy?: RecordingPolicy): State {
  return play(connecting(policy), welcomed).state;
}

export function waiting(policy?: RecordingPolicy): State {
  return play(connecting(policy), ended("full")).state;
}

/** Without what is said and written, and without the timing of presses. */
export function orders(effects: readonly Effect[]): Effect[] {
  return effects.filter((effect) => {
    if (effect.kind === "timer.set" || effect.kind === "timer.clear") return !effect.timer.endsWith("hold");
    return effect.kind !== "log" && effect.kind !== "voice.say";
  });
}

export function kinds(effects: readonly Effect[]): string[] {
  return orders(effects).map((effect) => effect.kind);
}

export function said(effects: readonly Effect[]): Prompt[] {
  return effects.flatMap((effect) => (effect.kind === "voice.say" ? [effect.prompt] : []));
}
