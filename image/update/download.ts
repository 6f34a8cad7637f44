// A bundle from the school's own web server, read as it comes; what was not wanted is not fetched again until it changes.

import type { Refusal } from "./refusal.js";
import { type Source, SourceLost } from "./updater.js";

/** Without a byte for so long, the server is gone. */
const usualPatienceMs = 60_000;

export interface Download {
  readonly source: Source;
  /** The server's word for this version of the file, where it has one. */
  readonly etag: string | null;
  /** Ends the download; harmless when it is over. */
  close(): void;
}

/** Null: it is still the one with this ETag. */
export async function download(
  url: string,
  etag: string | null,
  patienceMs = usualPatienceMs,
): Promise<Download | null | Refusal> {
  const ending = new AbortController();
  const wait = () => setTimeout(() => ending.abort(), patienceMs);
  let clock = wait();
  const headers = etag === null ? {} : { "If-None-Match": etag };
  let response: Response;
  try {
    response = await fetch(url, { headers, signal: ending.signal });
  } catch (error) {
    clearTimeout(clock);
    return {
      reason: `The server of updates does not answer (${nameOf(error)}): try again later.`,
      isFinal: false,
    };
  }
  const close = () => {
    clearTimeout(clock);
    ending.abort();
  };
  if (response.status === 304 || !response.ok || response.body === null) {
    close();
    if (response.status === 304) return null;
    return {
      reason: `The server of updates answers ${response.status}: check url under [update].`,
      isFinal: false,
    };
  }
  const { body } = response;
  async function* read() {
    try {
      for await (const chunk of body) {
        // The time that a slow card takes to write it is none of the server's silence.
        clearTimeout(clock);
        yield chunk as Uint8Array;
        clock = wait();
      }
    } catch (error) {
      throw new SourceLost(`The download broke off (${nameOf(error)}): it is tried again later.`);
    } finally {
      close();
    }
  }
  return { source: { read }, etag: response.headers.get("etag"), close };
}

/** Of what `fetch` threw: the cause says more. */
function nameOf(error: unknown): string {
  const { cause, name } = error as Error & { readonly cause?: NodeJS.ErrnoException };
  return cause?.code ?? name;
}
