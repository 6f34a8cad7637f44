// The layout of the card: what lies where, and by which numbers the parts know each other.

const mebibyte = 1024 * 1024;
export const sectorBytes = 512;

/** The MBR's disk signature: image/initrd/init and the storage script know a card of ours by it. */
export const diskId = "504c4a4d";

export interface Partition {
  readonly number: number;
  readonly startBytes: number;
  readonly bytes: number;
  /** The type in the MBR, in hexadecimal. */
  readonly type: string;
}

export type Slot = "a" | "b";
export const slots: readonly Slot[] = ["a", "b"];

/** Firmware, kernels, and the file a school edits: FAT. */
export const bootPartition: Partition = {
  number: 1,
  startBytes: 4 * mebibyte,
  bytes: 256 * mebibyte,
  type: "c",
};

/** The read-only root file systems. What is left of the card behind them becomes the data partition, at first boot. */
export const rootPartitions: Readonly<Record<Slot, Partition>> = {
  a: { number: 2, startBytes: 260 * mebibyte, bytes: 512 * mebibyte, type: "83" },
  b: { number: 3, startBytes: 772 * mebibyte, bytes: 512 * mebibyte, type: "83" },
};

export const bootLabel = "PLUGJAM";

/** The folder of the boot partition that holds a slot's kernel, initrd, device trees and cmdline.txt. */
export const slotFolder = (slot: Slot): string => `slot-${slot}`;

/** A slot's kernel command line: what image/firmware/cmdline.txt says, and which slot it is. */
export const slotCommandLine = (common: string, slot: Slot): string =>
  `${common.trim()} plugjam.slot=${slot}\n`;
