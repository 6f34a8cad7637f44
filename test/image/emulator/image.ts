// The image under test: what `npm run image` has written.

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { version } from "../../../src/lib/version.js";
import { Card } from "./card.js";

/** Tests run from the tree's root. */
const image = path.resolve(`dist/image/out/plugjam-${version}-arm64.img`);

/** Cards with the image on them, in a folder that goes with the tests. */
export class CardBox {
  readonly #folder = mkdtempSync(path.join(tmpdir(), "plugjam-cards-"));
  #count = 0;

  written(): Card {
    if (!existsSync(image)) throw new Error(`${image} is missing: npm run package, then npm run image`);
    return Card.written(image, this.#next());
  }

  copy(card: Card): Card {
    return card.copy(this.#next());
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }

  #next(): string {
    this.#count++;
    return path.join(this.#folder, `card-${this.#count}`);
  }
}
