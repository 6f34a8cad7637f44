// How many terminal columns a text takes, and how to cut it: names come from the network and may hold anything.

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** East Asian wide blocks, coarsely; a character counted too wide only leaves a gap, one too narrow breaks the picture. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{17000}-\u{18cff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}\p{Emoji_Presentation}\p{Extended_Pictographic}]/u;

/** Without control, format and direction characters: a name can neither move the cursor nor turn the line around. */
export function printable(text: string): string {
  return text.replace(/\s/gu, " ").replace(/[\p{C}\p{Default_Ignorable_Code_Point}]/gu, "");
}

/** Columns of printable text, never less than a terminal needs: joined emoji count one by one. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) {
    if (!/^\p{M}$/u.test(character)) columns += wide.test(character) ? 2 : 1;
  }
  return columns;
}

/** As many whole letters of the text as fit. */
export function clip(text: string, columns: number): string {
  let clipped = "";
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    used += columnsOf(segment);
    if (used > columns) break;
    clipped += segment;
  }
  return clipped;
}
