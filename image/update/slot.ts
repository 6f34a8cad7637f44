// The two slots: which one runs, which one the firmware boots, and how the files of a slot name theirs.

export type Slot = "a" | "b";

export function otherSlot(slot: Slot): Slot {
  return slot === "a" ? "b" : "a";
}

/** The folder on the FAT partition. */
export function slotFolder(slot: Slot): string {
  return `slot-${slot}`;
}

const onCommandLine = /(?<!\S)plugjam\.slot=([ab])(?!\S)/g;
const prefixLine = /^os_prefix=slot-([ab])\/[ \t]*(?=\r?$)/gm;

/** By the kernel's command line; null: this machine has no slots. */
export function runningSlot(commandLine: string): Slot | null {
  return onlyMatch(onCommandLine, commandLine);
}

/** The slot that config.txt names; null: it names none, or two. */
export function configuredSlot(config: string): Slot | null {
  return onlyMatch(prefixLine, config);
}

/** The same config.txt with another slot in it. */
export function withSlot(config: string, slot: Slot): string {
  return config.replace(prefixLine, `os_prefix=${slotFolder(slot)}/`);
}

/** A cmdline.txt for this slot, whichever it was written for. */
export function commandLineFor(slot: Slot, commandLine: string): string {
  return `${commandLine.replace(onCommandLine, "").trim()} plugjam.slot=${slot}\n`;
}

function onlyMatch(pattern: RegExp, text: string): Slot | null {
  const found = [...text.matchAll(pattern)];
  return found.length === 1 ? (found[0]![1] as Slot) : null;
}
