// The panel without a terminal: a line of text once a second.

import type { PanelView } from "../core/view.js";
import type { Figures } from "./figures.js";
import type { Panel } from "./panel.js";
import { renderPlain } from "./plain.js";

const lineMs = 1000;

export class PlainPanel implements Panel {
  private view: PanelView | null = null;
  private readonly timer: NodeJS.Timeout;

  /** `write` gets a line with its end; `figures` is asked once a line. */
  constructor(write: (line: string) => void, figures: () => Figures) {
    this.timer = setInterval(() => {
      if (this.view !== null) write(`${renderPlain(this.view, figures())}\n`);
    }, lineMs);
  }

  show(view: PanelView): void {
    this.view = view;
  }

  close(): void {
    clearInterval(this.timer);
  }
}
