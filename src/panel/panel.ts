// The front of the box as the controller knows it: something to show a view on, and two buttons.

import type { ButtonName } from "../core/event.js";
import type { PanelView } from "../core/view.js";

export interface Panel {
  /** Shows this view from now on. */
  show(view: PanelView): void;
  close(): void;
}

export interface Buttons {
  /** `heldMs` is how long the button was down when it was let go. There is one listener: the latest. */
  onPress(listener: (button: ButtonName, heldMs: number) => void): void;
}
