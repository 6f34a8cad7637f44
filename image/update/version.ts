// Versions of images: the product's three numbers, and when what was new in the build is from.

export interface Version {
  /** Three of the product, then the build; the build is 0 where none is written. */
  readonly numbers: readonly [number, number, number, number];
  readonly text: string;
}

const form = /^(\d{1,6})\.(\d{1,6})\.(\d{1,6})(?:\+(\d{1,14}))?$/;

/** "0.1.0" or "0.1.0+202611271530", with the day alone in older images; null for anything else. */
export function parseVersion(text: string): Version | null {
  const found = form.exec(text);
  if (found === null) return null;
  const [major, minor, patch, build] = found.slice(1).map((digits) => Number(digits ?? 0));
  return { numbers: [major!, minor!, patch!, build!], text };
}

export function isNewer(one: Version, other: Version): boolean {
  const at = one.numbers.findIndex((number, place) => number !== other.numbers[place]);
  return at >= 0 && one.numbers[at]! > other.numbers[at]!;
}

/** As /etc/os-release of an image has it; null where it is none. */
export function imageVersion(osRelease: string): Version | null {
  const written = /^IMAGE_VERSION=(["']?)([^"'\n]*)\1\s*$/m.exec(osRelease)?.[2];
  return written === undefined ? null : parseVersion(written);
}
