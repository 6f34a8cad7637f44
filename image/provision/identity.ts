// Which box this is: the serial number of its Pi, and the MAC addresses of its network cards.

export interface Identity {
  /** As `boxId` gives it; null on a machine that has none. */
  readonly serial: string | null;
  readonly macs: readonly string[];
}

/** A serial number or a MAC as somebody wrote it, in the one spelling that is compared; null: it is neither. */
export function boxId(written: string): string | null {
  const digits = written
    .trim()
    .toLowerCase()
    .replace(/^0x/, "")
    .replace(/[\s:.-]/g, "");
  if (!/^(?:[0-9a-f]{8}|[0-9a-f]{12}|[0-9a-f]{16})$/.test(digits)) return null;
  // Programs print a serial number of eight digits with and without what stands before them.
  return digits.replace(/^[01]0{7}(?=.{8}$)/, "");
}

export const isMac = (id: string): boolean => id.length === 12;

export function isBox(id: string, { serial, macs }: Identity): boolean {
  return id === serial || macs.includes(id);
}

/** What tells two boxes apart at a glance. */
export function shortId({ serial, macs }: Identity): string | null {
  return (serial ?? macs[0] ?? null)?.slice(-4) ?? null;
}
