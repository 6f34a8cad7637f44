// What a message body is made of: fields that each know how to be read and written, so one declaration serves both ways.
import type { ByteReader } from "./byte-reader.js";
import type { ByteWriter } from "./byte-writer.js";

/**
 * One part of a body. `read` fails the reader on a value that is not allowed. `write` throws a RangeError on a value
 * that `read` would refuse: that is a bug on our side.
 */
export interface Field<T> {
  read(reader: ByteReader): T;
  write(writer: ByteWriter, value: T): void;
}

export type ValueOf<F> = F extends Field<infer T> ? T : never;

type Fields = Readonly<Record<string, Field<unknown>>>;
type Values<F extends Fields> = { [K in keyof F]: ValueOf<F[K]> };

export const u8: Field<number> = {
  read: (reader) => reader.u8(),
  write: (writer, value) => writer.u8(value),
};
export const u16: Field<number> = {
  read: (reader) => reader.u16(),
  write: (writer, value) => writer.u16(value),
};
export const u32: Field<number> = {
  read: (reader) => reader.u32(),
  write: (writer, value) => writer.u32(value),
};
export const i32: Field<number> = {
  read: (reader) => reader.i32(),
  write: (writer, value) => writer.i32(value),
};

/** A byte that is 0 for no; anything else is read as yes, and yes is written as 1. */
export const flag: Field<boolean> = {
  read: (reader) => reader.u8() !== 0,
  write: (writer, value) => writer.u8(value ? 1 : 0),
};

/** A factor from 0 to just under 2, in steps of 1/32768; between two steps it is cut, as Jamulus does. */
export const factor: Field<number> = {
  read: (reader) => reader.u16() / 32768,
  write: (writer, value) => writer.u16(Math.trunc(value * 32768)),
};

/** An IPv4 address, dotted. On the wire it is a little-endian number: 127.0.0.1 is 01 00 00 7f. */
export const ipv4: Field<string> = {
  read(reader) {
    const [d, c, b, a] = [reader.u8(), reader.u8(), reader.u8(), reader.u8()];
    return `${a}.${b}.${c}.${d}`;
  },
  write(writer, address) {
    const parts = address.split(".");
    if (parts.length !== 4) throw new RangeError(`"${address}" is not an IPv4 address`);
    for (const part of parts.reverse()) writer.u8(/^\d+$/.test(part) ? Number(part) : Number.NaN);
  },
};

/** Text with a u16 length, at most `maxUnits` UTF-16 code units. */
export function text16(maxUnits: number): Field<string> {
  return {
    read: (reader) => reader.string16(maxUnits),
    write: (writer, text) => writer.string16(text, maxUnits),
  };
}

/** Text with a u8 length, at most `maxUnits` UTF-16 code units. */
export function text8(maxUnits: number): Field<string> {
  return {
    read: (reader) => reader.string8(maxUnits),
    write: (writer, text) => writer.string8(text, maxUnits),
  };
}

/** The same number, but only from `min` to `max`. */
export function within(field: Field<number>, min: number, max: number): Field<number> {
  return checked(field, (value) => value >= min && value <= max, `from ${min} to ${max}`);
}

/** The same number, but only one of `allowed`. */
export function oneOf(field: Field<number>, ...allowed: number[]): Field<number> {
  return checked(field, (value) => allowed.includes(value), `one of ${allowed.join(", ")}`);
}

function checked(field: Field<number>, isAllowed: (value: number) => boolean, rule: string): Field<number> {
  return {
    read(reader) {
      const value = field.read(reader);
      if (!isAllowed(value)) reader.fail();
      return value;
    },
    write(writer, value) {
      if (!isAllowed(value)) throw new RangeError(`${value} is not ${rule}`);
      field.write(writer, value);
    },
  };
}

/** The field and `count` bytes behind it that mean nothing: skipped when read, zero when written. */
export function thenZeros<T>(field: Field<T>, count: number): Field<T> {
  return {
    read(reader) {
      const value = field.read(reader);
      reader.bytes(count);
      return value;
    },
    write(writer, value) {
      field.write(writer, value);
      writer.bytes(new Uint8Array(count));
    },
  };
}

/** Named fields one behind the other, in the order they are declared. */
export function record<F extends Fields>(fields: F): Field<Values<F>> {
  const entries = Object.entries(fields);
  return {
    read(reader) {
      const values: Record<string, unknown> = {};
      for (const [name, field] of entries) values[name] = field.read(reader);
      return values as Values<F>;
    },
    write(writer, values) {
      for (const [name, field] of entries) field.write(writer, values[name]);
    },
  };
}

/** The same field again and again to the end of the body. */
export function list<T>(field: Field<T>): Field<T[]> {
  return {
    read(reader) {
      const values: T[] = [];
      while (reader.remaining > 0) values.push(field.read(reader));
      return values;
    },
    write(writer, values) {
      for (const value of values) field.write(writer, value);
    },
  };
}

/** All bytes to the end of the body, at most `maxBytes`; a view when read. */
export function rest(maxBytes: number): Field<Uint8Array> {
  return {
    read(reader) {
      if (reader.remaining > maxBytes) reader.fail();
      return reader.bytes(reader.remaining);
    },
    write(writer, bytes) {
      if (bytes.length > maxBytes) throw new RangeError(`${bytes.length} bytes, at most ${maxBytes} fit`);
      writer.bytes(bytes);
    },
  };
}

/** Nothing; whatever is there is skipped. */
export const nothing: Field<Record<never, never>> = {
  read(reader) {
    reader.bytes(reader.remaining);
    return {};
  },
  write() {},
};
