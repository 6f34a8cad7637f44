// What the system would not grant a realtime thread, in a sentence for the log.

/** `code` is the name of the error. */
export function refusalText(what: "priority" | "memory", code: string): string {
  const [refused, limit] =
    what === "priority" ? ["realtime priority", "rtprio"] : ["locked memory", "memlock"];
  return `no ${refused} (${code}): sound may drop out on a busy machine; raise the ${limit} limit of this user`;
}
