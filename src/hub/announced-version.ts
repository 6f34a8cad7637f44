// The version that a hub tells its clients: what they go by is the number in front.

import { cutText, operatingSystems } from "../protocol/index.js";

/**
 * The Jamulus version whose messages a hub speaks. Clients read it to learn what they may send: sequence bytes from
 * 3.6.0, pans from 3.5.4.
 */
const spoken = "3.12.4";

/** Older clients ignore a longer text altogether (spec 10.1), and would never send sequence bytes. */
const maxUnits = 30;

/** Such as "3.12.4-plugjam-0.1.0": the number for the programs, the name for the people. */
export function announcedVersion(own: string): string {
  return cutText(`${spoken}-plugjam-${own}`, maxUnits);
}

/** As the wire has it. */
export const announcedSystem = operatingSystems.indexOf("Linux");
