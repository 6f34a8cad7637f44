// What a terminal shows after a program wrote to it: just the escape sequences that Plugjam writes.

/** One character cell. `style` is the SGR parameters in force, "" for none. */
export interface Cell {
  readonly text: string;
  readonly style: string;
}

const ESCAPE = "\x1b";
const sequence = new RegExp(`${ESCAPE}\\[([?\\d;]*)([A-Za-z])`, "y");

export class TerminalScreen {
  alternate = false;
  cursorHidden = false;
  wraps = true;
  private cells: Cell[][];
  private row = 0;
  private column = 0;
  private style = "";

  constructor(
    readonly columns: number,
    readonly rows: number,
  ) {
    this.cells = this.blank();
  }

  /** Takes output as it comes, but never half an escape sequence. Throws for one that Plugjam has no use for. */
  write(output: string): void {
    for (let at = 0; at < output.length; ) {
      if (output[at] === ESCAPE) {
        sequence.lastIndex = at;
        const match = sequence.exec(output);
        if (!match) throw new Error(`not understood: ${JSON.stringify(output.slice(at, at + 12))}`);
        this.control(match[1] ?? "", match[2] ?? "");
        at = sequence.lastIndex;
      } else {
        const character = String.fromCodePoint(output.codePointAt(at) ?? 0);
        this.put(character);
        at += character.length;
      }
    }
  }

  /** The picture, a line a row. */
  picture(): readonly (readonly Cell[])[] {
    return this.cells;
  }

  /** The picture without colours, lines trimmed at their ends. */
  text(): string[] {
    return this.cells.map((row) =>
      row
        .map((cell) => cell.text)
        .join("")
        .trimEnd(),
    );
  }

  private put(character: string): void {
    if (character === "\r") this.column = 0;
    else if (character === "\n") this.row = Math.min(this.rows - 1, this.row + 1);
    else {
      const column = Math.min(this.column, this.columns - 1);
      const row = this.cells[this.row];
      if (row) row[column] = { text: character, style: this.style };
      this.column++;
    }
  }

  private control(parameters: string, final: string): void {
    const known = `${parameters}${final}`;
    if (final === "m") this.style = parameters === "0" ? "" : parameters;
    else if (final === "H") this.moveTo(parameters);
    else if (final === "K") this.cells[this.row]?.fill({ text: " ", style: "" }, this.column);
    else if (known === "2J") this.cells = this.blank();
    else if (known === "?25l" || known === "?25h") this.cursorHidden = final === "l";
    else if (known === "?7l" || known === "?7h") this.wraps = final === "h";
    else if (known === "?1049h" || known === "?1049l") {
      this.alternate = final === "h";
      this.cells = this.blank();
    } else throw new Error(`not understood: ESC [ ${known}`);
  }

  private moveTo(parameters: string): void {
    const [row = 1, column = 1] = parameters.split(";").map(Number);
    this.row = row - 1;
    this.column = column - 1;
  }

  private blank(): Cell[][] {
    return Array.from({ length: this.rows }, () =>
      Array.from({ length: this.columns }, () => ({ text: " ", style: "" })),
    );
  }
}
