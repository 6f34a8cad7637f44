// The pins of the boards, from hardware/pinmap.json.

import { readFileSync } from "node:fs";
import * as v from "valibot";

/** A GPIO of the header, by its BCM number; null: the board has no such part. */
const pin = v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(27)));

const board = v.strictObject({
  about: v.string(),
  // Inputs are pulled up, so a button can only connect to ground.
  pressed: v.literal("low"),
  lit: v.picklist(["low", "high"]),
  buttons: v.strictObject({ connect: pin, mute: pin }),
  leds: v.strictObject({ link: pin, rec: pin, mute: pin }),
});

const pinmap = v.strictObject({
  chips: v.pipe(v.array(v.string()), v.minLength(1)),
  boards: v.strictObject({
    default: board,
    "codec-zero": board,
    pisound: board,
    "audioinjector-octo": board,
  }),
});

export type Board = v.InferOutput<typeof board>;
export type Pinmap = v.InferOutput<typeof pinmap>;
export type BoardName = keyof Pinmap["boards"];

/** Seen from the compiled file, dist/src/panel/gpio/pinmap.js. */
const pinmapFile = new URL("../../../../hardware/pinmap.json", import.meta.url);

/** Throws where the file is missing or is no pinmap, which is a fault of the installation. */
export function loadPinmap(): Pinmap {
  return parsePinmap(readFileSync(pinmapFile, "utf8"));
}

export function parsePinmap(json: string): Pinmap {
  return v.parse(pinmap, JSON.parse(json));
}
