// How long we wait for what, in one place.

/** From the first packet to the first sign of the server. */
export const answerMs = 3_000;

/** Without audio from the server, as Jamulus has it (spec 4.4). */
export const silenceMs = 30_000;

/** The engine says "silent" so long after the last audio. */
export const silentAfterMs = 1_000;

/** Between the last audio packet and the goodbye (spec 4.5). */
export const hushMs = 100;

/** From the goodbye to the next packet, if we come back at once: by then a server has freed our place (spec 4.5). */
export const freedMs = 20;

/** Between two looks at the depth that a server would choose by itself; it takes some seconds to find its first one. */
export const depthReviewEveryMs = 10_000;

/** After the goodbye: how long it is repeated to a server that goes on, and how often at most. */
export const lingerMs = 1_000;
export const repeatMs = 100;
