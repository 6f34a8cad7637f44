// A box that remembers what it was asked, for tests of the control socket.

import type { ControlledBox, Wish } from "../../src/control/controlled-box.js";
import type { Connection } from "../../src/core/state.js";
import type { Status } from "../../src/core/status.js";

export class FakeBox implements ControlledBox {
  servers = [
    { name: "School", address: "192.0.2.7" },
    { name: "Home", address: "home.example:22125" },
  ];
  state: Connection["kind"] = "connected";
  wishes: Wish[] = [];
  /** Makes the status longer, to fill sockets. */
  padding = "";
  readonly #listeners = new Set<() => void>();

  get listeners(): number {
    return this.#listeners.size;
  }

  status(): Status {
    return {
      version: `0.0.0${this.padding}`,
      role: "box",
      wanted: null,
      connection: {
        state: this.state,
        server: null,
        clientId: null,
        clients: [],
        levels: [],
        mutedBy: [],
        pingMs: null,
        delayMs: null,
        reason: null,
        joinMs: null,
        heard: false,
        serverVersion: null,
        enquiry: null,
        welcome: null,
        chat: null,
      },
      privacy: {
        recording: "unknown",
        consent: "notify",
        acknowledgedAtMs: null,
        serverLogs: "unknown",
        serverMayRecord: "unknown",
        encrypted: "unknown",
        disclosed: [],
      },
      muted: { on: false, by: [] },
      audio: {
        state: "off",
        device: null,
        note: null,
        periodFrames: null,
        periods: null,
        xruns: 0,
        decoded: 0,
        concealed: 0,
        late: 0,
        lost: 0,
        jitterBlocks: 0,
        driftPpm: null,
        levels: { capture: [], playback: [] },
      },
      network: { strangers: 0, wrongSize: 0, messagesDropped: 0, sendFailures: 0, dropped: {} },
      panel: { leds: { link: "on", rec: "off", mute: "off" }, display: [] },
      hub: null,
    };
  }

  onChange(changed: () => void): () => void {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  }

  dispatch(wish: Wish): void {
    this.wishes.push(wish);
  }

  change(state: Connection["kind"]): void {
    this.state = state;
    for (const changed of this.#listeners) changed();
  }
}
