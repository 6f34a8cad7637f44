// What the hub may ask of a recorder, and what it hears back. When to record is the hub's to decide, not its.

export interface Recorder {
  /** From now on the frames of those who are included are written, one file each. */
  start(): void;
  /** Ends the recording and closes its files; nobody is included any more. */
  stop(): void;
  /** Closes the files and goes on in new ones, in a folder of their own, made when the first frame comes. */
  newSession(): void;
  /** Writes this client too, from its next frame on. `name` is what the musician calls herself: it may be empty. */
  include(slot: number, name: string): void;
  /** The client leaves; its slot may be another's soon. */
  exclude(slot: number): void;
  /** The hub closes. Resolves when all that was recorded is on the disk; the mixer lives until then. */
  close(): Promise<void>;
}

/** None comes before the recorder itself has been handed over. */
export type RecorderNotice =
  /** The first frame of somebody is about to be written; or the last one has been. */
  | { readonly kind: "writing"; readonly writing: boolean }
  /** The disk is full, the folder is gone: it has stopped. `reason` is for the operator; it names no person. */
  | { readonly kind: "failed"; readonly reason: string };
