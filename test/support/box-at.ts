// The usual start of a test of the whole box: pointed at one server, on a virtual card or on none.

import { type BoxOptions, TestBox } from "./box.js";
import type { VirtualCard } from "./virtual-card.js";

export interface BoxAtOptions extends Omit<BoxOptions, "config"> {
  /** Null: no card, a timer paces the engine. */
  readonly card?: VirtualCard | null;
  readonly name?: string;
}

/** A device that ALSA knows nowhere. */
export const noCard = "plugjam-test-no-such-card";

/** An address as plugjam.toml has it, or a server on IPv4 loopback. */
export type ServerAt = string | { readonly port: number };

export function startBoxAt(
  server: ServerAt,
  { card = null, name = "Box", env, ...rest }: BoxAtOptions = {},
): Promise<TestBox> {
  const config = boxConfig(server, { card, name });
  return TestBox.start({ config, env: { ...card?.env, ...env }, ...rest });
}

/** Its plugjam.toml. */
export function boxConfig(
  server: ServerAt,
  { card = null, name = "Box" }: Pick<BoxAtOptions, "card" | "name">,
): string {
  const address = typeof server === "string" ? server : `127.0.0.1:${server.port}`;
  return `
[profile]
name = "${name}"
[[server]]
name = "Local"
address = "${address}"
[audio]
device = "${card?.device ?? noCard}"
`;
}
