// Reads a KiCad schematic of one sheet: its parts, and which of their pins are wired together.

import { all, atom, type Expression, numbers, only, parseExpression, property } from "./s-expression.js";

export interface Part {
  readonly ref: string;
  readonly value: string;
  readonly footprint: string;
  /** Bought and soldered in the usual build. */
  readonly fitted: boolean;
  /** Belongs on the list of what to buy. */
  readonly inBom: boolean;
}

export interface Pin {
  readonly ref: string;
  readonly number: string;
  readonly name: string;
  /** KiCad's electrical type: "passive", "power_in", "output", ... */
  readonly type: string;
}

export interface Net {
  /** What labels and power symbols call it; a sound net has one name or none. */
  readonly names: readonly string[];
  readonly pins: readonly Pin[];
  /** Crosses that say: nothing is meant to be connected here. */
  readonly crosses: number;
  /** Ends of wires that end nowhere, as "x,y" in mm. */
  readonly looseEnds: readonly string[];
}

export interface Schematic {
  readonly parts: readonly Part[];
  readonly nets: readonly Net[];
}

/** Symbols of power nets and flags: no parts, though they have pins. */
const isPower = (ref: string) => ref.startsWith("#");

type Point = readonly [x: number, y: number];
const key = ([x, y]: Point) => `${Math.round(x * 100) / 100},${Math.round(y * 100) / 100}`;

export function readSchematic(source: string): Schematic {
  const sheet = parseExpression(source);
  const symbols = all(sheet, "symbol");
  const library = new Map(all(only(sheet, "lib_symbols"), "symbol").map((item) => [atom(item), item]));
  const refOf = (symbol: readonly Expression[]) => property(symbol, "Reference") ?? "?";

  const parts = symbols
    .filter((symbol) => !isPower(refOf(symbol)))
    .map((symbol) => ({
      ref: refOf(symbol),
      value: property(symbol, "Value") ?? "",
      footprint: property(symbol, "Footprint") ?? "",
      fitted: property(symbol, "Fitted") !== "no",
      inBom: atom(only(symbol, "in_bom")) === "yes",
    }));

  const wires = all(sheet, "wire").map((wire) => all(only(wire, "pts"), "xy").map((xy) => pointOf(xy)));
  const groups = new Groups();
  for (const [from, to] of wires as [Point, Point][]) groups.join(key(from), key(to));
  // As in KiCad, a wire connects at its ends; only a label may also sit in the middle of one.
  const onWires = (point: Point) => {
    for (const [from, to] of wires as [Point, Point][]) {
      if (lies(point, from, to)) groups.join(key(point), key(from));
    }
  };
  const at = (item: readonly Expression[]) => pointOf(only(item, "at"));

  const things: { readonly at: Point; readonly name?: string; readonly pin?: Pin; readonly cross?: true }[] =
    [];
  for (const label of all(sheet, "label")) {
    onWires(at(label));
    things.push({ at: at(label), name: atom(label) });
  }
  for (const cross of all(sheet, "no_connect")) things.push({ at: at(cross), cross: true });
  for (const symbol of symbols) {
    const ref = refOf(symbol);
    const drawn = library.get(atom(only(symbol, "lib_id")));
    if (drawn === undefined) throw new SyntaxError(`${ref} has no symbol in the file`);
    for (const pin of all(drawn, "symbol").flatMap((unit) => all(unit, "pin"))) {
      const found: Pin = {
        ref,
        number: atom(only(pin, "number")),
        name: atom(only(pin, "name")),
        type: atom(pin),
      };
      const value = property(symbol, "Value");
      const name = isPower(ref) && found.type === "power_in" ? value : undefined;
      things.push({ at: place(pin, symbol), pin: found, ...(name === undefined ? {} : { name }) });
    }
  }
  // A name means the same net wherever it stands on the sheet.
  for (const { at: point, name } of things) if (name !== undefined) groups.join(key(point), `name ${name}`);

  const nets = new Map<string, { names: Set<string>; pins: Pin[]; crosses: number; looseEnds: string[] }>();
  const netAt = (point: string) => {
    const root = groups.rootOf(point);
    const net = nets.get(root) ?? { names: new Set(), pins: [], crosses: 0, looseEnds: [] };
    nets.set(root, net);
    return net;
  };
  for (const { at: point, name, pin, cross } of things) {
    const net = netAt(key(point));
    if (name !== undefined) net.names.add(name);
    if (pin !== undefined) net.pins.push(pin);
    if (cross) net.crosses++;
  }
  const ends = wires.flat().map(key);
  const held = new Set(things.map((thing) => key(thing.at)));
  for (const end of ends) {
    if (!held.has(end) && ends.filter((other) => other === end).length === 1) netAt(end).looseEnds.push(end);
  }
  return { parts, nets: [...nets.values()].map((net) => ({ ...net, names: [...net.names] })) };
}

function pointOf(list: readonly Expression[]): Point {
  const [x = Number.NaN, y = Number.NaN] = numbers(list);
  return [x, y];
}

/** Where a pin of a placed symbol is: symbols have y upwards, sheets downwards, angles turn to the left. */
function place(pin: readonly Expression[], symbol: readonly Expression[]): Point {
  if (all(symbol, "mirror").length > 0) throw new SyntaxError("mirrored symbols are not understood");
  const [px, py] = pointOf(only(pin, "at"));
  const [x = 0, y = 0, angle = 0] = numbers(only(symbol, "at"));
  const turn = (angle * Math.PI) / 180;
  const [cos, sin] = [Math.round(Math.cos(turn)), Math.round(Math.sin(turn))];
  return [x + px * cos - py * sin, y - px * sin - py * cos];
}

/** Whether a point is on a wire, its ends included; wires are horizontal or vertical. */
function lies([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): boolean {
  const between = (value: number, one: number, other: number) =>
    value >= Math.min(one, other) - 0.005 && value <= Math.max(one, other) + 0.005;
  return between(x, ax, bx) && between(y, ay, by);
}

/** Points that are one, electrically: sets that grow together. */
class Groups {
  readonly #parents = new Map<string, string>();

  rootOf(point: string): string {
    const parent = this.#parents.get(point);
    return parent === undefined ? point : this.rootOf(parent);
  }

  join(one: string, other: string): void {
    const [from, to] = [this.rootOf(one), this.rootOf(other)];
    if (from !== to) this.#parents.set(from, to);
  }
}
