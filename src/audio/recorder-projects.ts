// Project files beside a recording: every musician's track in its place, at a click, in Reaper and in Audacity.

/** Positions and lengths in frames of 48 kHz; positions since the first frame of the session. */
export interface RecordedFile {
  /** In the session's folder. */
  readonly name: string;
  readonly label: string;
  readonly slot: number;
  readonly start: number;
  readonly frames: number;
}

/** Silence that stands for sound which the disk was too slow to take. */
export interface RecordedGap {
  readonly start: number;
  readonly frames: number;
}

export interface RecordedSession {
  /** Its name below the folder of all recordings. */
  readonly folder: string;
  readonly files: readonly RecordedFile[];
  readonly gaps: readonly RecordedGap[];
}

/** Audacity's list of files (.lof). */
export function audacityList({ files }: RecordedSession): string {
  return files.map(({ name, start }) => `file "${name}" offset ${seconds(start)}\n`).join("");
}

/** A Reaper project (.rpp): a track for each slot and name, a marker for each gap. */
export function reaperProject({ files, gaps }: RecordedSession): string {
  const tracks = new Map<string, RecordedFile[]>();
  for (const file of files) {
    const name = `${file.label}-${file.slot}`;
    tracks.set(name, [...(tracks.get(name) ?? []), file]);
  }
  return [
    '<REAPER_PROJECT 0.1 "5.0"',
    "  SAMPLERATE 48000 0 0",
    "  TEMPO 120 4 4",
    ...gaps.map(
      ({ start, frames }, i) =>
        `  MARKER ${i + 1} ${seconds(start)} "the disk was too slow: ${(frames / 48000).toFixed(2)} s are missing"`,
    ),
    ...[...tracks].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([name, takes]) => track(name, takes)),
    ">",
    "",
  ].join("\n");
}

function track(name: string, files: readonly RecordedFile[]): string[] {
  return ["  <TRACK", `    NAME "${name}"`, ...files.flatMap(item), "  >"];
}

function item({ name, start, frames }: RecordedFile): string[] {
  return [
    "    <ITEM",
    `      POSITION ${seconds(start)}`,
    `      LENGTH ${seconds(frames)}`,
    "      LOOP 0",
    `      NAME "${name}"`,
    "      <SOURCE WAVE",
    `        FILE "${name}"`,
    "      >",
    "    >",
  ];
}

/** To well below a frame, which lasts for 0.00002 s. */
function seconds(frames: number): string {
  return (frames / 48000).toFixed(9);
}
