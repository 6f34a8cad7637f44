// What a recording's file is called: never an address, and a name only if the operator wants names.

/** Letters, digits and "_"; at most 32. */
export function fileLabel(name: string, names: boolean): string {
  if (!names) return anonymous;
  const ascii = name.normalize("NFKD").replace(/\p{M}/gu, "");
  const safe = ascii.replace(/[^A-Za-z0-9]+/g, "_").replace(/^_+/, "");
  return safe.slice(0, 32).replace(/_+$/, "") || anonymous;
}

const anonymous = "musician";
