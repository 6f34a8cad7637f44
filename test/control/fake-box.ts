// A box that remembers what it was asked, for tests of the control socket.

import type { ControlledBox, Wish } from "../../src/control/controlled-box.js";
import { type Connection, initialState } from "../../src/core/state.js";
import { type Status, statusOf } from "../../src/core/status.js";
import { noCounts, noTiming } from "../support/fake-engine.js";

export class FakeBox implements ControlledBox {
  servers = [
    { name: "School", address: "192.0.2.7" },
    { name: "Home", address: "home.example:22125" },
  ];
  chatAllowed = true;
  state: Connection["kind"] = "connected";
  wishes: Wish[] = [];
  record?: NonNullable<ControlledBox["record"]>;
  /** Makes the status longer, to fill sockets. */
  padding = "";
  readonly #listeners = new Set<() => void>();

  get listeners(): number {
    return this.#listeners.size;
  }

  status(): Status {
    const status = statusOf(initialState(this.servers, { recording: "notify", chat: true }), {
      version: `0.0.0${this.padding}`,
      role: "box",
      levels: { capture: [], playback: [] },
      counters: noCounts,
      timing: noTiming,
      clientLevels: [],
      dropped: new Map(),
      troubles: [],
    });
    return { ...status, connection: { ...status.connection, state: this.state } };
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
