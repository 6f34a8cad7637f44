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

type List = readonly Expression[];
type Point = readonly [x: number, y: number];
type Wire = readonly [from: Point, to: Point];

/** Something that sits at a point of the sheet: a label, a pin, or a cross. */
interface Thing {
  readonly at: Point;
  readonly name?: string;
  readonly pin?: Pin;
  readonly cross?: true;
}

export function readSchematic(source: string): Schematic {
  const sheet = parseExpression(source);
  const wires = all(sheet, "wire").map((wire): Wire => {
    const [from, to] = all(only(wire, "pts"), "xy").map(pointOf);
    if (from === undefined || to === undefined) throw new SyntaxError("a wire has no two ends");
    return [from, to];
  });
  const labels = all(sheet, "label").map((label): Thing => ({ at: placeOf(label), name: atom(label) }));
  const crosses = all(sheet, "no_connect").map((cross): Thing => ({ at: placeOf(cross), cross: true }));
  const groups = connections(wires, labels);
  return {
    parts: readParts(sheet),
    nets: readNets(groups, wires, [...labels, ...crosses, ...readPins(sheet)]),
  };
}

const refOf = (symbol: List) => property(symbol, "Reference") ?? "?";

/** Symbols of power nets and flags: no parts, though they have pins. */
const isPower = (ref: string) => ref.startsWith("#");

function readParts(sheet: List): Part[] {
  return all(sheet, "symbol")
    .filter((symbol) => !isPower(refOf(symbol)))
    .map((symbol) => ({
      ref: refOf(symbol),
      value: property(symbol, "Value") ?? "",
      footprint: property(symbol, "Footprint") ?? "",
      fitted: property(symbol, "Fitted") !== "no",
      inBom: atom(only(symbol, "in_bom")) === "yes",
    }));
}

/** The pins of all placed symbols; that of a power symbol names its net. */
function readPins(sheet: List): Thing[] {
  const library = new Map(all(only(sheet, "lib_symbols"), "symbol").map((item) => [atom(item), item]));
  return all(sheet, "symbol").flatMap((symbol) => {
    const ref = refOf(symbol);
    const drawn = library.get(atom(only(symbol, "lib_id")));
    if (drawn === undefined) throw new SyntaxError(`${ref} has no symbol in the file`);
    const pins = all(drawn, "symbol").flatMap((unit) => all(unit, "pin"));
    return pins.map((item): Thing => {
      const [number, name, type] = [atom(only(item, "number")), atom(only(item, "name")), atom(item)];
      const thing = { at: placeOfPin(item, symbol), pin: { ref, number, name, type } };
      return isPower(ref) && type === "power_in"
        ? { ...thing, name: property(symbol, "Value") ?? "" }
        : thing;
    });
  });
}

/** As in KiCad, a wire connects at its ends; only a label may also sit in the middle of one. */
function connections(wires: readonly Wire[], labels: readonly Thing[]): Groups {
  const groups = new Groups();
  for (const [from, to] of wires) {
    groups.join(key(from), key(to));
    for (const { at } of labels) if (lies(at, from, to)) groups.join(key(at), key(from));
  }
  return groups;
}

function readNets(groups: Groups, wires: readonly Wire[], things: readonly Thing[]): Net[] {
  // A name means the same net wherever it stands on the sheet.
  for (const { at, name } of things) if (name !== undefined) groups.join(key(at), `name ${name}`);
  const nets = new Map<string, { names: Set<string>; pins: Pin[]; crosses: number; looseEnds: string[] }>();
  const netAt = (point: string) => {
    const root = groups.rootOf(point);
    const net = nets.get(root) ?? { names: new Set(), pins: [], crosses: 0, looseEnds: [] };
    nets.set(root, net);
    return net;
  };
  for (const { at, name, pin, cross } of things) {
    const net = netAt(key(at));
    if (name !== undefined) net.names.add(name);
    if (pin !== undefined) net.pins.push(pin);
    if (cross) net.crosses++;
  }
  const ends = wires.flat().map(key);
  const held = new Set(things.map(({ at }) => key(at)));
  for (const end of ends) {
    if (!held.has(end) && ends.filter((other) => other === end).length === 1) netAt(end).looseEnds.push(end);
  }
  return [...nets.values()].map((net) => ({ ...net, names: [...net.names] }));
}

const key = ([x, y]: Point) => `${Math.round(x * 100) / 100},${Math.round(y * 100) / 100}`;

function pointOf(list: List): Point {
  const [x = Number.NaN, y = Number.NaN] = numbers(list);
  return [x, y];
}

const placeOf = (item: List) => pointOf(only(item, "at"));

/** Where a pin of a placed symbol is: symbols have y upwards, sheets downwards, angles turn to the left. */
function placeOfPin(pin: List, symbol: List): Point {
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
