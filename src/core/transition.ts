// The box's one decision function: what is, and what happened, give what is next and what must be done. Pure and total.

import {
  breakOff,
  connect,
  disconnect,
  joinOrLeave,
  learn,
  leaveOverdue,
  retry,
  sessionConnected,
  sessionDisclosed,
  sessionEnded,
} from "./connection.js";
import { acknowledge, enquired, licenceAsked, openQuestion, recordingTold } from "./consent.js";
import type { Effect } from "./effect.js";
import { cardFailed, cardOpened, cardRetry } from "./engine-status.js";
import type { Event, TimerName } from "./event.js";
import { meaningOf } from "./gesture.js";
import { isMuted, withMuted } from "./mute.js";
import type { State } from "./state.js";
import { never, type Step, step } from "./step.js";

export function transition(state: State, event: Event): Step {
  const { state: next, effects } = state.stopping ? whileStopping(state, event) : decide(state, event);
  return { state: next, effects: [...microphone(state, next), ...effects, ...memory(state, next)] };
}

/** Follows from who silences the microphone, whatever changed that; before all other work. */
function microphone(before: State, after: State): Effect[] {
  const muted = isMuted(after.muted);
  return muted === isMuted(before.muted) ? [] : [{ kind: "audio.mute", muted }];
}

/** Follows from who is wanted; after all other work, since a memory card is slow. */
function memory(before: State, after: State): Effect[] {
  return after.wanted === before.wanted ? [] : [{ kind: "wanted.store", server: after.wanted }];
}

function decide(state: State, event: Event): Step {
  switch (event.kind) {
    case "box.started":
      return started(state, event);
    case "button.pressed":
      return pressed(state, event);
    case "timer.fired":
      return timerFired(state, event.timer, event.atMs);
    case "stop.asked":
      return stop(state);

    case "connect.asked":
      return connect(state, event.server ?? state.servers[0] ?? null, event.atMs);
    case "disconnect.asked":
      return disconnect(state);
    case "mute.asked":
      return step(withMuted(state, { musician: event.muted }));
    case "gain.asked":
      return step(state, { kind: "audio.gain", db: event.db });
    case "chat.asked":
      return state.connection.kind === "connected"
        ? step(state, { kind: "session.say", text: event.text })
        : step(state);

    case "card.opened":
      return cardOpened(state, event.card);
    case "card.failed":
    case "card.lost":
      return cardFailed(state, event.failure);

    case "session.connected":
      return sessionConnected(state, event.clientId);
    case "session.clients":
      return learn(state, () => ({ clients: event.clients }));
    case "session.muted-by":
      return learn(state, () => ({ mutedBy: event.clientIds }));
    case "session.recording":
      return recordingTold(state, event.recording);
    case "session.enquired":
      return enquired(state, event);
    case "session.delay":
      return learn(state, () => ({ pingMs: event.pingMs, delayMs: event.delayMs }));
    case "session.heard":
      return learn(state, () => ({ heard: event.heard }));
    case "session.playing":
      return learn(state, ({ joinMs, askedAtMs }) => ({ joinMs: joinMs ?? event.atMs - askedAtMs }));
    case "session.version":
      return learn(state, () => ({ serverVersion: event.version }));
    case "session.welcome":
      return learn(state, () => ({ welcome: event.text }));
    case "session.licence-asked":
      return licenceAsked(state);
    case "session.chat":
      return state.connection.kind === "connected" ? step({ ...state, chat: event.text }) : step(state);
    case "session.disclosed":
      return sessionDisclosed(state, event);
    case "session.ended":
      return sessionEnded(state, event.reason, event.atMs);
    default:
      return never(event);
  }
}

/** A box that stops wants to hear only that the session is over. */
function whileStopping(state: State, event: Event): Step {
  if (event.kind === "session.ended") return sessionEnded(state, { kind: "left" }, event.atMs);
  if (event.kind === "timer.fired" && event.timer === "leave") return leaveOverdue(state, event.atMs);
  if (event.kind === "session.disclosed") return sessionDisclosed(state, event);
  return step(state);
}

function started(state: State, event: Extract<Event, { kind: "box.started" }>): Step {
  if (state.engine.kind !== "off") return step(state);
  const awake: State = { ...state, engine: { kind: "starting" } };
  const first = event.connectOnBoot ? (state.servers[0] ?? null) : null;
  const { state: next, effects } = connect(awake, event.remembered ?? first, event.atMs);
  return step(next, { kind: "card.open" }, ...effects);
}

function pressed(state: State, event: Extract<Event, { kind: "button.pressed" }>): Step {
  const meaning = meaningOf(event.button, event.heldMs);
  switch (meaning) {
    case "join-or-leave":
      return joinOrLeave(state, event.atMs);
    case "mute-or-acknowledge": {
      const question = openQuestion(state);
      if (question) return acknowledge(state, question, event.atMs);
      return step(withMuted(state, { musician: !state.muted.musician }));
    }
    case "none":
      return step(state);
    default:
      return never(meaning);
  }
}

function timerFired(state: State, timer: TimerName, atMs: number): Step {
  switch (timer) {
    case "retry":
      return retry(state, atMs);
    case "card-retry":
      return cardRetry(state);
    case "leave":
      return leaveOverdue(state, atMs);
    default:
      return never(timer);
  }
}

function stop(state: State): Step {
  const { state: next, effects } = breakOff({ ...state, stopping: true });
  const now: Effect[] = next.connection.kind === "idle" ? [{ kind: "box.stop" }] : [];
  return step(next, { kind: "timer.clear", timer: "card-retry" }, ...effects, ...now);
}
