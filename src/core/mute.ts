// Who silences the microphone. Sound leaves the box only when nobody does.

import type { Muted, State } from "./state.js";

export type MuteReason = keyof Muted;

export function muteReasons(muted: Muted): readonly MuteReason[] {
  return (["musician", "consent", "licence"] as const).filter((reason) => muted[reason]);
}

export function isMuted(muted: Muted): boolean {
  return muted.musician || muted.consent || muted.licence;
}

export function withMuted(state: State, change: Partial<Muted>): State {
  return { ...state, muted: { ...state.muted, ...change } };
}
