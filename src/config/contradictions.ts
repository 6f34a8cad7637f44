// What is right key by key and yet cannot work together.

import { directoryOf } from "../lib/server-address.js";
import { type Document, type Path, whereIs } from "./document.js";
import type { Problem } from "./problem.js";
import type { Config } from "./schema.js";

/** One problem for each key that wants what another one does not give. */
export function contradictions({ hub, server }: Config, document: Document): Problem[] {
  const at = (path: Path, what: string, allowed: string): Problem => ({
    where: whereIs(document, path) ?? "",
    key: path.join("."),
    what,
    allowed,
  });
  const problems: Problem[] = [];
  if (hub.record && hub.record_dir === "")
    problems.push(at(["hub", "record"], "there is no folder to record to", "true with hub.record_dir"));
  server.forEach(({ name, address }, index) => {
    if (directoryOf(address) !== null && name === address)
      problems.push(at(["server", index, "name"], "is missing", "the server's name in the directory"));
  });
  return problems;
}
