// The box's one decision function: what is, and what happened, give what is next and what must be done. Pure and total.

import { announce } from "./announce.js";
import { cardQuiet, cardXrun } from "./card-timing.js";
import { chooseNext, goToChosen } from "./choice.js";
import {
  connect,
  disconnect,
  heard,
  joinOrLeave,
  lastWordsSaid,
  learn,
  leaveOverdue,
  linkChanged,
  pathTold,
  probed,
  retry,
  sessionConnected,
  sessionDisclosed,
  sessionEnded,
  stop,
} from "./connection.js";
import { acknowledge, enquired, isGuarded, licenceAsked, openQuestion, recordingTold } from "./consent.js";
import type { Effect } from "./effect.js";
import { cardFailed, cardOpened, cardRetry } from "./engine-status.js";
import type { ButtonName, Event, TimerName } from "./event.js";
import { buttonDown, buttonUp, type Felt, heldFor, type Meaning } from "./gesture.js";
import { isMuted, withMuted } from "./mute.js";
import { closePage, pageOver, turnPage } from "./page.js";
import { chosenServer, type State, wishOf } from "./state.js";
import { never, type Step, step } from "./step.js";
import { updateTold } from "./update.js";

export function transition(state: State, event: Event): Step {
  const stopping = state.stopping !== "no";
  const { state: next, effects } = stopping ? whileStopping(state, event) : decide(state, event);
  const { silence, sound } = microphone(state, next);
  return {
    state: next,
    effects: [
      ...silence,
      ...effects,
      ...sound,
      ...announce(state, next).map((prompt): Effect => ({ kind: "voice.say", prompt })),
      ...memory(state, next),
    ],
  };
}

/**
 * Follows from who silences the microphone, whatever changed that. Silence comes before all other work and sound after
 * it, so that nothing is heard on a server that is just being left for another.
 */
function microphone(before: State, after: State): { silence: Effect[]; sound: Effect[] } {
  const muted = isMuted(after.muted);
  const armed = isGuarded(after);
  const changes: Effect[] = [
    ...(armed === isGuarded(before) ? [] : [{ kind: "audio.guard", armed } as const]),
    ...(muted === isMuted(before.muted) ? [] : [{ kind: "audio.mute", muted } as const]),
  ];
  const silences = (effect: Effect) =>
    (effect.kind === "audio.guard" && effect.armed) || (effect.kind === "audio.mute" && effect.muted);
  return {
    silence: changes.filter(silences),
    sound: changes.filter((effect) => !silences(effect)),
  };
}

/** Follows from what is wished; after all other work, since a memory card is slow. */
function memory(before: State, after: State): Effect[] {
  const [was, wish] = [wishOf(before), wishOf(after)];
  return was?.server === wish?.server && was?.muted === wish?.muted ? [] : [{ kind: "wanted.store", wish }];
}

function decide(state: State, event: Event): Step {
  switch (event.kind) {
    case "box.started":
      return started(state, event);
    case "button.down":
      return act(touched(state, event.button), buttonDown(state.touch, event.button, event.atMs), event.atMs);
    case "button.up":
      return act(state, buttonUp(state.touch, event.button, event.atMs), event.atMs);
    case "timer.fired":
      return timerFired(state, event.timer, event.atMs);
    case "stop.asked":
      return stop(state, "stop");

    case "connect.asked":
      return connect(state, event.server ?? chosenServer(state), event.atMs);
    case "disconnect.asked":
      return disconnect(state);
    case "mute.asked":
      return step(withMuted(state, { musician: event.muted }));
    case "gain.asked":
      return step(state, { kind: "audio.gain", db: event.db });
    case "chat.asked":
      return canChat(state) ? step(state, { kind: "session.say", text: event.text }) : step(state);

    case "card.opened":
      return cardOpened(state, event.card);
    case "card.failed":
    case "card.lost":
      return cardFailed(state, event.failure);

    case "card.xrun":
      return cardXrun(state, event.atMs);

    case "link.changed":
      return linkChanged(state, event.link, event.atMs);
    case "path.encrypted":
      return pathTold(state, event.encrypted);

    case "update.told":
      return updateTold(state, event.update);

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
      return heard(state, event.heard);
    case "session.playing":
      return learn(state, ({ joinMs, askedAtMs }) => ({ joinMs: joinMs ?? event.atMs - askedAtMs }));
    case "session.version":
      return learn(state, () => ({ serverVersion: event.version }));
    case "session.welcome":
      return learn(state, () => ({ welcome: event.text }));
    case "session.licence-asked":
      return licenceAsked(state);
    case "session.chat":
      return canChat(state) ? step({ ...state, chat: event.text }) : step(state);
    case "session.disclosed":
      return sessionDisclosed(state, event);
    case "session.probed":
      return probed(state, event.answered, event.elsewhere, event.atMs);
    case "session.ended":
      return sessionEnded(state, event.reason, event.atMs);
    default:
      return never(event);
  }
}

/** Chat is for all to read, so it is off unless it was asked for; then it neither goes out nor comes in. */
function canChat(state: State): boolean {
  return state.chatAllowed && state.connection.kind === "connected";
}

/** A box that stops wants to hear only that the session is over, and when to go. */
function whileStopping(state: State, event: Event): Step {
  if (event.kind === "session.ended") return sessionEnded(state, { kind: "left" }, event.atMs);
  if (event.kind === "timer.fired" && event.timer === "leave") return leaveOverdue(state, event.atMs);
  if (event.kind === "timer.fired" && event.timer === "power-off") return lastWordsSaid(state);
  if (event.kind === "session.disclosed") return sessionDisclosed(state, event);
  return step(state);
}

function started(state: State, event: Extract<Event, { kind: "box.started" }>): Step {
  if (state.engine.kind !== "off") return step(state);
  const { connectOnBoot, remembered, atMs } = event;
  // Whoever was muted before a crash or a power cut is not on air after it.
  const muted = remembered?.muted ?? false;
  const awake: State = withMuted({ ...state, engine: { kind: "starting" } }, { musician: muted });
  const first = connectOnBoot ? (state.servers[0] ?? null) : null;
  const { state: next, effects } = connect(awake, remembered?.server ?? first, atMs);
  return step(next, { kind: "card.open", timing: next.timing.asked }, ...effects);
}

function touched(state: State, button: ButtonName): State {
  return button === "mute" && state.touch.kind === "none"
    ? { ...state, askedAtTouch: openQuestion(state) }
    : state;
}

/** Does, one after the other, what the fingers have come to mean. */
function act(state: State, { touch, meanings, effects }: Felt, atMs: number): Step {
  const start = step(touch === state.touch ? state : { ...state, touch }, ...effects);
  return meanings.reduce((done, meaning) => then(done, (now) => doAs(now, meaning, atMs)), start);
}

function doAs(state: State, meaning: Meaning, atMs: number): Step {
  switch (meaning) {
    case "join-or-leave":
      return then(closePage(state), (now) => joinOrLeave(now, atMs));
    case "choose-next":
      return chooseNext(state);
    case "go-to-chosen":
      return goToChosen(state, atMs);
    case "shut-down":
      return stop(state, "power-off");
    case "mute-or-acknowledge":
      return then(closePage(state), (now) => muteOrAcknowledge(now, atMs));
    case "turn-page":
      return turnPage(state);
    default:
      return never(meaning);
  }
}

/** A press answers what was asked when it began. If that is no longer asked, it means nothing. */
function muteOrAcknowledge(state: State, atMs: number): Step {
  const { askedAtTouch: asked, muted } = state;
  if (asked === null) return step(withMuted(state, { musician: !muted.musician }));
  return asked === openQuestion(state) ? acknowledge(state, asked, atMs) : step(state);
}

function then(done: Step, next: (state: State) => Step): Step {
  const { state, effects } = next(done.state);
  return step(state, ...done.effects, ...effects);
}

function timerFired(state: State, timer: TimerName, atMs: number): Step {
  switch (timer) {
    case "retry":
      return retry(state, atMs);
    case "card-retry":
      return cardRetry(state);
    case "card-quiet":
      return cardQuiet(state);
    case "leave":
      return leaveOverdue(state, atMs);
    case "hold":
    case "long-hold":
      return act(state, heldFor(state.touch, timer), atMs);
    case "confirm":
      return step({ ...state, confirming: false });
    case "page":
      return pageOver(state);
    case "update":
      return updateTold(state, null);
    case "power-off":
      return step(state);
    default:
      return never(timer);
  }
}
