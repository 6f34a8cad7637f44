// The level meters of all clients, two to a byte (spec 2.3, message 1015).
import type { Field } from "./field.js";

const maxLevels = 150;
const highestLevel = 9;
const endMark = 15;

/**
 * Levels 0..9 in ascending channel order, the first in the low half of the first byte; a high half of 15 ends the list.
 * Values 10 to 15 elsewhere mean nothing, and are read as 9 so that no meter leaves its scale.
 */
export const levelList: Field<number[]> = {
  read(reader) {
    const levels: number[] = [];
    while (reader.remaining > 0) {
      const byte = reader.u8();
      levels.push(Math.min(byte & 15, highestLevel));
      if (byte >> 4 === endMark) break;
      levels.push(Math.min(byte >> 4, highestLevel));
    }
    if (levels.length > maxLevels) reader.fail();
    reader.bytes(reader.remaining);
    return levels;
  },
  write(writer, levels) {
    if (levels.length > maxLevels) throw new RangeError(`${levels.length} levels, at most ${maxLevels} fit`);
    if (!levels.every((level) => level >= 0 && level <= highestLevel))
      throw new RangeError("a level is not from 0 to 9");
    for (let i = 0; i < levels.length; i += 2) writer.u8(levels[i]! | ((levels[i + 1] ?? endMark) << 4));
  },
};
