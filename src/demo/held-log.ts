// Log lines that wait while a picture fills the terminal.

/** A line that nobody released is written when the process exits: a bug's last words are not lost. */
export class HeldLog {
  readonly isTTY = true;
  private text = "";

  constructor(private readonly output: { write(text: string): unknown }) {
    process.on("exit", this.release);
  }

  write(text: string): void {
    this.text += text;
  }

  readonly release = (): void => {
    process.off("exit", this.release);
    if (this.text !== "") this.output.write(this.text);
    this.text = "";
  };
}
