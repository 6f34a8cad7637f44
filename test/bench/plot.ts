// Bars as SVG, small enough to read: one group to a line, one bar to a contestant, its spread as a whisker.

export interface Bar {
  readonly label: string;
  readonly value: number;
  readonly least?: number;
  readonly most?: number;
  /** Ours are drawn in the colour that the eye goes to. */
  readonly ours: boolean;
}

export interface Plot {
  readonly title: string;
  readonly unit: string;
  readonly bars: readonly Bar[];
}

const width = 640;
const labelWidth = 250;
const barHeight = 18;
const lineHeight = 26;
const top = 44;
const colours = { ours: "#1f7a4d", others: "#8a8f98", ink: "#30343b", paper: "#ffffff" } as const;

export function barsSvg({ title, unit, bars }: Plot): string {
  const most = Math.max(...bars.map((bar) => bar.most ?? bar.value), 1e-9);
  const scale = (width - labelWidth - 90) / most;
  const height = top + bars.length * lineHeight + 10;
  const lines = bars.map((bar, index) => {
    const y = top + index * lineHeight;
    const middle = y + barHeight / 2;
    const { least = bar.value, most: longest = bar.value } = bar;
    const end = labelWidth + scale * Math.max(bar.value, longest);
    return [
      text(labelWidth - 8, middle, escaped(bar.label), "end"),
      `<rect x="${labelWidth}" y="${y}" width="${(scale * bar.value).toFixed(1)}" height="${barHeight}" fill="${bar.ours ? colours.ours : colours.others}"/>`,
      `<path d="M${(labelWidth + scale * least).toFixed(1)} ${middle}H${(labelWidth + scale * longest).toFixed(1)}" stroke="${colours.ink}"/>`,
      text(end + 6, middle, `${Number(bar.value.toFixed(bar.value < 10 ? 2 : 1))} ${unit}`, "start"),
    ].join("\n");
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13" fill="${colours.ink}">
<rect width="${width}" height="${height}" fill="${colours.paper}"/>
<text x="12" y="24" font-size="15" font-weight="bold">${escaped(title)}</text>
${lines.join("\n")}
</svg>
`;
}

function text(x: number, y: number, words: string, anchor: "start" | "end"): string {
  return `<text x="${x.toFixed(1)}" y="${y}" dominant-baseline="central" text-anchor="${anchor}">${words}</text>`;
}

function escaped(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
