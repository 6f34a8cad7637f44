// Draws the four steps from an empty card to music for the README: node dist/test/support/guide-picture.js FILE.svg

import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { panelView } from "../../src/core/view.js";
import { boxFront, frontSize } from "./box-front.js";
import { connected, play, recording } from "./box-state.js";

/** Lines of the file on the card that everybody changes, with their remarks taken away. */
const settings = ["room", "name", "[[server]]", "address"];
const shown: string[] = [];
for (const line of readFileSync("image/provision/plugjam.toml", "utf8").split("\n")) {
  const bare = line.replace(/^#(?=\S)/, "");
  const wanted = settings[0];
  if (wanted !== undefined && (bare === wanted || bare.startsWith(`${wanted} = `))) {
    if (wanted === "name") shown.push("[profile]");
    shown.push(bare);
    settings.shift();
  }
}
if (settings.length > 0)
  throw new Error(`image/provision/plugjam.toml has no ${settings.join(", ")} any more`);

const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };

const escaped = (text: string) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
const text = (x: number, y: number, words: string, more = "") =>
  `<text x="${x}" y="${y}" ${more}>${escaped(words)}</text>`;

const card = (x: number, y: number) =>
  `<g transform="translate(${x} ${y})"><path d="M0 6a6 6 0 0 1 6-6h52l22 22v78a6 6 0 0 1-6 6H6a6 6 0 0 1-6-6z" fill="#2b2f36"/>${[0, 1, 2, 3, 4].map((n) => `<rect x="${8 + n * 10}" y="8" width="6" height="18" fill="#f4b942"/>`).join("")}${text(12, 66, "PLUGJAM", 'fill="#fff" font-size="12"')}</g>`;

const writeTheCard = [
  card(152, 10),
  text(192, 140, `plugjam-${version}-arm64.img.xz`, 'text-anchor="middle" class="mono"'),
  text(192, 158, "onto a micro SD card of 4 GB or more", 'text-anchor="middle"'),
].join("");

const editOneFile = [
  '<rect width="384" height="140" rx="6" fill="#fff" stroke="#aab"/><rect width="384" height="22" rx="6" fill="#dde2ea"/>',
  text(10, 15, "PLUGJAM / plugjam.toml", 'class="mono"'),
  ...shown.map((line, at) => text(14, 44 + at * 19, line, 'class="mono"')),
].join("");

const socket = (x: number, words: string, colour: string) =>
  `<rect x="${x}" y="36" width="74" height="34" rx="4" fill="${colour}"/><path d="M${x + 37} 70v28" stroke="${colour}" stroke-width="5"/>${text(x + 37, 116, words, 'text-anchor="middle"')}`;
const plugIn = [
  '<rect x="4" y="10" width="376" height="52" rx="8" fill="#3c8d5a"/>',
  socket(16, "card", "#2b2f36"),
  socket(110, "sound card", "#5b7fd1"),
  socket(204, "network", "#c98b2f"),
  socket(298, "power, last", "#b0413e"),
].join("");

const three = ["Ann", "Ben", "Room 12"].map((name, id) => ({ id, name, instrument: "", city: "" }));
const view = panelView(
  play(
    connected("notify"),
    { kind: "session.clients", clients: three },
    { kind: "session.delay", pingMs: 8, delayMs: 21.5 },
    { kind: "session.heard", heard: true },
    recording("no"),
  ).state,
);
const steps = [
  ["1. Write the card", writeTheCard],
  ["2. Edit one file on it", editOneFile],
  ["3. Plug in", plugIn],
  ["4. Press CONNECT, and play", boxFront(view)],
] as const;

const place = { width: frontSize.width + 24, height: 206 };
const drawn = steps.map(
  ([title, inside], index) =>
    `<g transform="translate(${12 + (index % 2) * place.width} ${Math.floor(index / 2) * place.height})">${text(4, 24, title, 'class="title"')}<g transform="translate(0 36)">${inside}</g></g>`,
);
const [file = "guide.svg"] = process.argv.slice(2);
await writeFile(
  file,
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${2 * place.width} ${2 * place.height}" font-family="sans-serif" font-size="13" fill="#333"><style>.title{font-weight:bold;font-size:15px;fill:#555d68}.mono{font-family:monospace}</style>${drawn.join("")}</svg>\n`,
);
