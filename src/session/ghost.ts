// A box that was killed leaves its channel on the server, where it keeps a place until the server misses it: half a
// minute. So the box keeps in mind where it plays, and at its next start says the goodbye that was not said (spec 4.5).

import { createSocket } from "node:dgram";
import { readFileSync } from "node:fs";
import { isIPv6 } from "node:net";
import { join } from "node:path";
import * as v from "valibot";
import type { Endpoint } from "../audio/engine.js";
import { damage, LatestFile } from "../lib/latest-file.js";
import type { Logger } from "../lib/logger.js";
import { connectionlessDatagram } from "../protocol/index.js";

const port = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535));
const schema = v.nullable(
  v.object({ port, server: v.object({ address: v.pipe(v.string(), v.ip()), port }) }),
);

/** A server, and our port that it knows us by. */
type Place = NonNullable<v.InferOutput<typeof schema>>;

const goodbye = connectionlessDatagram({ kind: "CLM_DISCONNECTION" });

export class Ghost {
  readonly #path: string;
  readonly #file: LatestFile;
  readonly #logger: Pick<Logger, "info" | "warn">;
  #followed = "null\n";

  constructor(folder: string, logger: Pick<Logger, "info" | "warn">) {
    this.#path = join(folder, "place.json");
    this.#logger = logger;
    this.#file = new LatestFile(this.#path, (why) =>
      logger.warn(`${this.#path} cannot be written, so a crash will leave a channel on the server: ${why}`),
    );
  }

  /** Our sound goes there now, from this port; null: nowhere. The same again costs nothing, even if the disk is bad. */
  follow(ownPort: number, server: Endpoint | null): void {
    const contents = `${JSON.stringify(server && { port: ownPort, server })}\n`;
    if (contents === this.#followed) return;
    this.#followed = contents;
    this.#file.write(contents);
  }

  /** Resolves when the goodbye is on its way, if one is due: to whom. Whatever is in its way, the box goes on. */
  async lay(): Promise<Endpoint | null> {
    const place = this.#load();
    if (place === null) return null;
    const problem = await sayGoodbye(place);
    this.#logger.info(`the last run ended in a session: ${problem ?? "its goodbye is said now"}`);
    return problem === null ? place.server : null;
  }

  /** Waits until all is on the disk. */
  settled(): Promise<void> {
    return this.#file.settled();
  }

  #load(): Place | null {
    try {
      const text = readFileSync(this.#path, "utf8");
      const place = v.parse(schema, JSON.parse(text));
      this.#file.holds(text);
      this.#followed = text;
      return place;
    } catch (error) {
      const why = damage(error);
      if (why !== "ENOENT")
        this.#logger.warn(`${this.#path} cannot be read, so no goodbye is said late: ${why}`);
      return null;
    }
  }
}

/** From a socket of its own: on the one that plays, sound that follows would take the goodbye back. */
function sayGoodbye({ port, server }: Place): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(server.address) ? "udp6" : "udp4");
    const done = (error: Error | null) => {
      socket.close();
      resolve(error && `no goodbye, ${damage(error)}`);
    };
    socket.once("error", done);
    socket.bind(port, () => socket.send(goodbye, server.port, server.address, done));
  });
}
