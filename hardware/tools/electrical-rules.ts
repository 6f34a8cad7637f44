// What can be wrong with a schematic by itself: the rules of KiCad's own check, which Debian 12's KiCad has in its window only.

import type { Net, Schematic } from "./schematic.js";

const drives = ["output", "power_out"];

/** One line for each fault; none, if the schematic is sound. */
export function electricalFaults({ parts, nets }: Schematic): string[] {
  const refs = parts.map(({ ref }) => ref);
  return [
    ...refs.filter((ref) => !/^[A-Z]+\d+$/.test(ref)).map((ref) => `${ref} is no number of a part`),
    ...refs.filter((ref, at) => refs.indexOf(ref) !== at).map((ref) => `${ref} is there twice`),
    ...parts.filter(({ footprint }) => footprint === "").map(({ ref }) => `${ref} has no footprint`),
    ...nets.flatMap(netFaults),
  ];
}

function netFaults(net: Net): string[] {
  const { names, crosses, looseEnds } = net;
  const flags = (ref: string) => ref.startsWith("#");
  const real = net.pins.filter(({ ref }) => !flags(ref));
  const which = names[0] ?? real.map(({ ref, number }) => `${ref}.${number}`).join(" ");
  const faults: string[] = [];
  if (names.length > 1) faults.push(`${names.join(" and ")} are wired together`);
  if (looseEnds.length > 0) faults.push(`${which}: a wire ends nowhere at ${looseEnds.join(" and ")}`);
  if (crosses > 0 && net.pins.length > 1) faults.push(`${which}: crossed out, yet connected`);
  if (crosses === 0 && real.length < 2) faults.push(`${which}: ${real.length} pin connected to nothing`);
  const drivers = net.pins.filter(({ type }) => drives.includes(type));
  if (drivers.length > 1) faults.push(`${which}: driven by ${drivers.map(({ ref }) => ref).join(" and ")}`);
  const needs = (type: string) => real.some((pin) => pin.type === type);
  if (crosses === 0 && needs("power_in") && !drivers.some(({ type }) => type === "power_out")) {
    faults.push(`${which}: supplied by nobody`);
  }
  const canDrive = [...drives, "bidirectional", "tri_state", "passive", "open_collector", "open_emitter"];
  if (crosses === 0 && needs("input") && !net.pins.some(({ type }) => canDrive.includes(type))) {
    faults.push(`${which}: inputs that nobody drives`);
  }
  return faults;
}
