// The name by which the network knows a box: plugjam-ROOM.

/** What Germans write where they have no umlauts; other accents just go. */
const spelled: Readonly<Record<string, string>> = {
  ä: "ae",
  ö: "oe",
  ü: "ue",
  ß: "ss",
  æ: "ae",
  ø: "oe",
  œ: "oe",
  å: "aa",
};

/** A label may have 63 letters, and an ending may have to be added. */
const longest = 50;

/** `ending` stands where a room is unnamed, or its name has no letter that a host name may have. */
export function hostName(room: string | null, ending: string | null): string {
  const place = label(room ?? "") || (ending ?? "");
  if (place === "") return "plugjam";
  return /^plugjam(?:-|$)/.test(place) ? place : `plugjam-${place}`;
}

function label(text: string): string {
  const letters = text
    .normalize("NFC")
    .toLowerCase()
    .replace(/[äöüßæøœå]/g, (letter) => spelled[letter] ?? letter);
  const plain = letters
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/[^a-z0-9]+/g, "-");
  return plain.replace(/^-+/, "").slice(0, longest).replace(/-+$/, "");
}
