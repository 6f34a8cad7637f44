// What the controller may ask of the sound engine, and what it hears back. No samples and no policy in here.

/** One end of a UDP conversation: a numeric IPv4 or IPv6 address (no name, no brackets) and a port. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** How one audio stream looks on the wire (protocol spec 3.2 to 3.6). Raw audio is known by its size alone. */
export interface AudioFormat {
  readonly blockFrames: 64 | 128;
  readonly channels: 1 | 2;
  /** Coded bytes of one block, without its sequence byte. */
  readonly blockBytes: number;
  /** The protocol's block factor. */
  readonly blocksPerPacket: 1 | 2 | 4;
  /** Each block is followed by its sequence byte. */
  readonly sequenced: boolean;
}

export type ChannelMode = "mono" | "stereo" | "mono-in-stereo-out";

export interface CardOptions {
  /** ALSA PCM names; they differ only where capture and playback are two devices. */
  readonly capture: string;
  readonly playback: string;
  /** Frames between two wake-ups, 32 to 256 wished; the card may settle on another figure. */
  readonly periodFrames: number;
  readonly periods: number;
  /** All periods are always kept filled; else only as much of them as this machine's wake-ups need. */
  readonly full: boolean;
}

/** What the card settled on. */
export interface Card {
  readonly capture: string;
  readonly playback: string;
  readonly periodFrames: number;
  readonly periods: number;
  /** As ALSA spells it: S16_LE, S24_3LE, S24_LE, S32_LE or FLOAT_LE. */
  readonly sampleFormat: string;
  readonly captureChannels: number;
  readonly playbackChannels: number;
  /** Both directions start and stop as one. */
  readonly linked: boolean;
  readonly mmap: boolean;
  /** What ALSA's plug layer converts: the card cannot run at 48 kHz, or in a format or layout of ours; null: nothing. */
  readonly converted: "rate" | "format" | "layout" | null;
}

/** A card that could not be had or was lost: which call failed, how, and on which device. */
export interface CardFailure {
  readonly device: string;
  /** The ALSA call, such as snd_pcm_open. */
  readonly call: string;
  /** The name of the error, such as EBUSY. */
  readonly code: string;
  readonly message: string;
}

export type CardResult =
  | { readonly ok: true; readonly card: Card }
  | { readonly ok: false; readonly failure: CardFailure };

/**
 * Peak levels, left and right, in dBFS, never below -120; they rise at once and fall 24 dB a second. Playback is what
 * comes from the others, as loud as it comes: without prompts, and not lowered for them.
 */
export interface Levels {
  readonly capture: readonly number[];
  readonly playback: readonly number[];
}

/** Running totals since the engine was made, unless said otherwise. */
export interface Counters {
  readonly xruns: number;
  /** Blocks made up by the decoder because none was there in time, since the last join. */
  readonly concealed: number;
  /** Blocks decoded from the network since the last join. */
  readonly decoded: number;
  /** Blocks that came too late for their turn, since the last join. */
  readonly late: number;
  /** Blocks that never came, by their sequence numbers, since the last join. */
  readonly lost: number;
  /** What the card has left to play at a wake-up in time, where it is not to be kept full; else 0. */
  readonly headroomFrames: number;
  /** Present depth of the jitter buffer, in blocks. */
  readonly jitterBlocks: number;
  /** Interarrival jitter (RFC 3550) of the server's packets in ms, from kernel receive timestamps. */
  readonly jitterMs: number;
  /** By how much the card's clock is faster than the server's; null while that is not known. */
  readonly driftPpm: number | null;
  readonly packetsSent: number;
  readonly packetsReceived: number;
  /** Audio datagrams of another size than announced. */
  readonly wrongSize: number;
  /** Datagrams from addresses that nobody here talks to. */
  readonly strangers: number;
  /** Messages dropped because the ring to JavaScript was full. */
  readonly messagesDropped: number;
  /** Notices dropped for the same reason. */
  readonly noticesDropped: number;
  /** Packets the socket refused to take. */
  readonly sendFailures: number;
}

/** Of many: half are at most p50, 999 of 1000 at most p999, to within a sixteenth. */
export interface Distribution {
  readonly p50: number;
  readonly p999: number;
  readonly max: number;
}

/** Of the wake-ups of the audio thread, in the last one to two minutes. */
export interface ThreadTiming {
  /** After the earliest by which the card wakes it. */
  readonly latenessMs: Distribution;
  /** Its work, as a share of the period. */
  readonly workShare: Distribution;
}

export type EngineNotice =
  /** A well-formed message from an admitted address. */
  | {
      readonly kind: "message";
      readonly from: Endpoint;
      readonly bytes: Uint8Array;
      readonly receivedAtMs: number;
    }
  /** The first audio datagram of this join, or the first after a silence. */
  | { readonly kind: "peer.heard"; readonly atMs: number }
  /** No audio datagram for one second. */
  | { readonly kind: "peer.silent"; readonly atMs: number }
  /** The first decoded block of this join went to the card. */
  | { readonly kind: "audio.started"; readonly atMs: number }
  /** The card went away; a timer paces the engine until the next openCard. */
  | { readonly kind: "card.lost"; readonly failure: CardFailure }
  /** The card ran over or dry, and goes on; said ten times a second at most. */
  | { readonly kind: "card.xrun" }
  /** Said once: the engine runs without realtime priority, or without its memory locked. */
  | { readonly kind: "realtime.refused"; readonly what: "priority" | "memory"; readonly code: string };

/** Times are CLOCK_MONOTONIC in ms, the clock of `lib/clock`. */
export interface AudioEngine {
  /** The local UDP port. */
  readonly port: number;
  /** Opens a card and hands it to the audio thread, in place of the timer or of the card before it. */
  openCard(options: CardOptions): Promise<CardResult>;
  /** Starts to send audio to this server and to play what comes back; the server is admitted. */
  join(server: Endpoint, format: AudioFormat): void;
  /** Changes the format of both directions in mid-stream. */
  setFormat(format: AudioFormat): void;
  /** Stops sending and playing, at the next period; the server stays admitted until dismissed. */
  leave(): void;
  /** Lets messages from this address through. At most 16 at a time; false: no room. */
  admit(peer: Endpoint): boolean;
  dismiss(peer: Endpoint): void;
  /** Sends one datagram on the engine's socket; false: the socket refused it. */
  send(to: Endpoint, bytes: Uint8Array): boolean;
  /** What the crash handler sends to the joined server, if the process dies; null: nothing. */
  setFarewell(bytes: Uint8Array | null): void;
  setInputGainDb(db: number): void;
  /** Muted: the stream goes on, with encoded silence in it. */
  setMuted(muted: boolean): void;
  /**
   * Armed: silence is sent as long as the joined server's last word is that it records (spec 2.2, 33), from the first
   * block after that message on, before anybody here has read it; and before its first word, though for no more than a
   * second of its sound. A mute of its own, beside `setMuted`; agreeing to be recorded is to disarm it. A join forgets
   * what the server before said, and so does a server that was started anew.
   */
  setRecordingGuard(armed: boolean): void;
  setChannelMode(mode: ChannelMode): void;
  /** Depth of the jitter buffer in blocks, 1 to 20, or as the network asks. */
  setJitter(depth: number | "auto"): void;
  /** What there is to say to the musician: mono, 48 kHz. Once, for good; an empty one is silent. */
  setPrompts(prompts: readonly Int16Array[]): void;
  /**
   * Plays a prompt over all that is played, in a session or not, and sends nothing of it. It waits for the one that
   * is being spoken; one that waits and has the same topic, 0 to 15, is dropped.
   */
  playPrompt(index: number, topic: number): void;
  levels(): Levels;
  counters(): Counters;
  timing(): ThreadTiming;
  /** How often the audio thread has gone round: it hangs if this stands still for a second. */
  turns(): number;
  /** Stops the audio thread and closes card and socket. */
  close(): void;
}
