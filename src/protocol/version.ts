// Versions as servers announce them, and what follows from them (spec 2.2, message 29).

export type Version = readonly [major: number, minor: number, patch: number];

/** The leading numbers of a version: "3.12.4dev-nogit" is 3.12.4, "3.9" is 3.9.0. Undefined if there are none. */
export function parseVersion(text: string): Version | undefined {
  const numbers = /^(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?/.exec(text.trim());
  if (numbers === null) return undefined;
  return [Number(numbers[1]), Number(numbers[2] ?? 0), Number(numbers[3] ?? 0)];
}

/** Less than 0 if `a` is older than `b`, 0 if equal, more than 0 if newer. */
export function compareVersions(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/** The server of this version understands a sequence byte behind every block. */
export function hasSequenceNumbers(version: Version): boolean {
  return compareVersions(version, [3, 6, 0]) >= 0;
}
