// Instrument codes on the wire: positions in a table that only grows at its end (spec appendix A).

/** Codes 1, 2, 3 ... in order. 0 means none. */
const table = `
Drum Set; Djembe; Electric Guitar; Acoustic Guitar; Bass Guitar; Keyboard; Synthesizer;
Grand Piano; Accordion; Vocal; Microphone; Harmonica; Trumpet; Trombone; French Horn; Tuba;
Saxophone; Clarinet; Flute; Violin; Cello; Double Bass; Recorder; Streamer; Listener; Guitar+Vocal;
Keyboard+Vocal; Bodhran; Bassoon; Oboe; Harp; Viola; Congas; Bongo; Vocal Bass; Vocal Tenor;
Vocal Alto; Vocal Soprano; Banjo; Mandolin; Ukulele; Bass Ukulele; Vocal Baritone; Vocal Lead;
Mountain Dulcimer; Scratching; Rapping; Vibraphone; Conductor
`;

const names: readonly string[] = table.split(";").map((name) => name.trim().replace(/\s+/g, " "));
const codeByName = new Map(names.map((name, position) => [name.toLowerCase(), position + 1]));

/** The instrument's name; undefined for 0 (none) and for codes nobody knows: show nothing then. */
export function instrumentName(code: number): string | undefined {
  return names[code - 1];
}

/** The code of an instrument's name, in any case; "none" has code 0. */
export function instrumentCode(name: string): number | undefined {
  const wanted = name.trim().toLowerCase();
  return wanted === "none" ? 0 : codeByName.get(wanted);
}
