// The front of the box as the controller knows it: something to show a view on, and two buttons.

import type { ButtonName } from "../core/event.js";
import type { PanelView } from "../core/view.js";

export interface Panel {
  /** Shows this view from now on. */
  show(view: PanelView): void;
  close(): void;
}

/**
 * A button, free of bounces, went down or up; `atMs` is CLOCK_MONOTONIC in ms, the time of the edge. One that was down
 * when the box started tells nothing until it was let go; one that is lost while it is down goes up.
 */
export type EdgeListener = (button: ButtonName, down: boolean, atMs: number) => void;

export interface Buttons {
  /** There is one listener: the latest. */
  onEdge(listener: EdgeListener): void;
}
