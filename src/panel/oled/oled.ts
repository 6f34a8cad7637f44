// The box's display, an OLED on an I2C bus: draws what changed, in time, and outlives a bus that fails.

import { openPromisified } from "i2c-bus";
import type { Levels } from "../../audio/engine.js";
import type { PanelView } from "../../core/view.js";
import type { Cancel, Clock, Scheduler } from "../../lib/clock.js";
import { BackOff } from "../back-off.js";
import type { Panel } from "../panel.js";
import type { Pixels } from "../pixels.js";
import { drawScreen } from "../screen.js";
import { drawLevels } from "./level-bars.js";
import { type DisplayType, findDisplay, type Link, type OpenBus } from "./link.js";
import { Pace } from "./pace.js";
import { hangLine, meansAbsent, placeOf, troubleLine } from "./trouble.js";
import { changeWrites, darkWrites, freshWrites } from "./update.js";

/** Everything is written anew this often: a display may lose power between two changes, and come back unheard. */
const refreshMs = 5000;
/** A transfer that a kernel driver gives up takes about one second. */
const hangMs = 3000;
const closeMs = 1000;
/** Pixels age by light: a picture that nobody changes is shown with less of it. */
const dimAfterMs = 10 * 60_000;
const bright = 0xcf;
const dim = 0x10;

export interface OledOptions {
  readonly display: DisplayType;
  /** N of /dev/i2c-N. */
  readonly bus: number;
  /** 7 bits. */
  readonly address: number;
  readonly clock: Clock & Scheduler;
  /** What to draw as meters, where there is room; null: none now. */
  readonly levels: () => Levels | null;
  /** The display can't be had: once until it is back. With `auto`, that there never was one is no trouble. */
  readonly onTrouble: (line: string) => void;
  /** The display was found, or is back. */
  readonly onFound: (line: string) => void;
}

export class Oled implements Panel {
  readonly #options: OledOptions;
  readonly #openBus: OpenBus;
  readonly #pace = new Pace();
  readonly #backOff = new BackOff();
  /** The view's picture without meters, as asked for and as last drawn. */
  #wanted: Pixels | null = null;
  #drawn: Pixels | null = null;
  #changedAtMs = 0;
  #link: Link | null = null;
  /** What the display's memory holds; null: who knows. */
  #held: Pixels | null = null;
  #refreshAtMs = 0;
  #retryAtMs = Number.NEGATIVE_INFINITY;
  #dimmed = false;
  #found = false;
  #trouble: string | null = null;
  #cancelTurn: Cancel = () => {};
  #updating: Promise<void> | null = null;
  #closing: Promise<void> | null = null;

  constructor(options: OledOptions, openBus: OpenBus = openPromisified) {
    this.#options = options;
    this.#openBus = openBus;
    process.on("exit", this.#goDark);
  }

  /** Why nothing shows; null while all is well, and with `auto` where there never was a display. */
  get trouble(): string | null {
    return this.#trouble;
  }

  show(view: PanelView): void {
    const picture = drawScreen(view.display);
    if (this.#wanted === null || !picture.equals(this.#wanted)) {
      this.#wanted = picture;
      this.#changedAtMs = this.#options.clock.nowMs();
    }
    this.#turn();
  }

  /**
   * Resolves when the display is dark, or with `leavePicture` when what it shows last is on it to stay; after a second in
   * any case, for a bus may hang.
   */
  close(leavePicture = false): Promise<void> {
    this.#closing ??= this.#close(leavePicture);
    return this.#closing;
  }

  /** Starts an update if one is due, else waits until one is. There is never more than one, so never two transfers. */
  #turn(): void {
    this.#cancelTurn();
    const wanted = this.#wanted;
    if (wanted === null || this.#updating !== null || this.#closing !== null) return;
    const waitMs = this.#dueAtMs() - this.#options.clock.nowMs();
    if (waitMs > 0) {
      this.#cancelTurn = this.#options.clock.after(waitMs, () => this.#turn());
      return;
    }
    this.#updating = this.#update(wanted).finally(() => {
      this.#updating = null;
      this.#turn();
    });
  }

  #dueAtMs(): number {
    if (this.#link === null) return this.#retryAtMs;
    const { readyAtMs, spareAtMs } = this.#pace;
    const isNews = this.#held === null || this.#drawn !== this.#wanted;
    const nextAtMs = isNews ? readyAtMs : Math.max(this.#refreshAtMs, readyAtMs);
    return this.#options.levels() === null ? nextAtMs : Math.min(nextAtMs, spareAtMs);
  }

  async #update(wanted: Pixels): Promise<void> {
    const { clock, bus, address, display } = this.#options;
    const cancelHang = clock.after(hangMs, () => this.#enterTrouble(hangLine(this.#place())));
    try {
      this.#link ??= await findDisplay(this.#openBus, bus, address, display);
      await this.#draw(this.#link, wanted);
      this.#leaveTrouble(this.#link);
    } catch (error) {
      this.#retryAtMs = clock.nowMs() + this.#backOff.failed(clock.nowMs());
      if (display === "auto" && !this.#found && meansAbsent(error)) this.#trouble = null;
      else this.#enterTrouble(troubleLine(error, this.#place()));
      await this.#dropLink();
    } finally {
      cancelHang();
    }
  }

  async #draw(link: Link, wanted: Pixels): Promise<void> {
    const nowMs = this.#options.clock.nowMs();
    this.#pace.take(nowMs);
    const picture = this.#withLevels(wanted);
    const dimmed = nowMs - this.#changedAtMs >= dimAfterMs;
    const held = nowMs < this.#refreshAtMs && dimmed === this.#dimmed ? this.#held : null;
    if (held === null) {
      this.#dimmed = dimmed;
      this.#refreshAtMs = nowMs + refreshMs;
    }
    const writes =
      held === null
        ? freshWrites(link.controller, picture, this.#dimmed ? dim : bright)
        : changeWrites(link.controller, held, picture);
    for (const bytes of writes) {
      if (this.#closing !== null) return;
      await link.write(bytes);
    }
    this.#held = picture;
    this.#drawn = wanted;
  }

  #withLevels(wanted: Pixels): Pixels {
    const picture = wanted.copy();
    const levels = this.#options.levels();
    if (levels !== null) drawLevels(picture, levels);
    return picture;
  }

  #enterTrouble(line: string): void {
    if (this.#trouble === null) this.#options.onTrouble(line);
    this.#trouble = line;
  }

  #leaveTrouble(link: Link): void {
    this.#backOff.well(this.#options.clock.nowMs());
    const isNews = this.#trouble !== null || !this.#found;
    this.#trouble = null;
    this.#found = true;
    if (isNews) this.#options.onFound(`${link.controller.name} display at ${this.#place()}.`);
  }

  #place(): string {
    return placeOf(this.#link?.address ?? this.#options.address, this.#options.bus);
  }

  async #dropLink(): Promise<void> {
    const link = this.#link;
    this.#link = null;
    this.#held = null;
    await link?.close().catch(() => {}); // Closed it is in any case.
  }

  /** The process exits without a close: what the display says must not stand there any longer. */
  readonly #goDark = (): void => this.#link?.switchOffAtOnce();

  async #close(leavePicture: boolean): Promise<void> {
    this.#cancelTurn();
    await new Promise<void>((resolve, reject) => {
      const cancel = this.#options.clock.after(closeMs, resolve);
      this.#finish(leavePicture).then(resolve, reject).finally(cancel);
    });
    process.off("exit", this.#goDark);
  }

  async #finish(leavePicture: boolean): Promise<void> {
    await this.#updating;
    const link = this.#link;
    if (link === null) return;
    const picture = leavePicture ? this.#wanted : null;
    try {
      const writes = picture ? freshWrites(link.controller, picture, bright) : darkWrites(link.controller);
      for (const bytes of writes) await link.write(bytes);
    } catch {
      // A display that is gone is dark.
    }
    await this.#dropLink();
  }
}
