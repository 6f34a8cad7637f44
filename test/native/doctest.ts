// Reads what a doctest program says in XML: which cases it has, and how each of them went.

/** Where a case stands names it: two cases may share a title. */
export interface NativeCase {
  readonly title: string;
  readonly file: string;
  readonly line: string;
}

export interface NativeOutcome {
  readonly passed: boolean;
  /** What doctest says about it, without markup; empty when it passed. */
  readonly complaint: string;
}

export const caseKey = ({ file, line, title }: NativeCase) => `${file}:${line} ${title}`;

const entities: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  return text.replace(/&(\w+);/g, (whole, name: string) => entities[name] ?? whole);
}

function readAttributes(tag: string): Map<string, string> {
  const pairs = [...tag.matchAll(/(\w+)="([^"]*)"/g)];
  return new Map(pairs.map(([, name, value]) => [name!, unescapeXml(value!)]));
}

function readCase(tag: string): NativeCase {
  const attributes = readAttributes(tag);
  return {
    title: attributes.get("name") ?? "",
    file: attributes.get("filename") ?? "",
    line: attributes.get("line") ?? "",
  };
}

/** The cases of `--list-test-cases -r=xml`. */
export function readCases(xml: string): NativeCase[] {
  return [...xml.matchAll(/<TestCase (.*)\/>/g)].map(([, tag]) => readCase(tag!));
}

/** An expression that failed, or an exception, as a person would write it. */
function readComplaint(body: string): string {
  return [...body.matchAll(/<(Expression|Exception)([^\n]*)>\n(.*?)<\/\1>/gs)]
    .map(([, , tag, inner]) => {
      const attributes = readAttributes(tag!);
      const place = attributes.has("line") ? `${attributes.get("filename")}:${attributes.get("line")} ` : "";
      const words = inner!
        .split("\n")
        .map((line) => line.trim())
        .filter((line) => line !== "" && !/^<.*>$/.test(line));
      return unescapeXml(`${place}${attributes.get("type") ?? "exception"}: ${words.join("\n    ")}`);
    })
    .join("\n");
}

/** The cases that came to an end in a run with `-r=xml`, by their keys. A crash leaves the XML cut off. */
export function readOutcomes(xml: string): Map<string, NativeOutcome> {
  const outcomes = new Map<string, NativeOutcome>();
  for (const [, tag, body] of xml.matchAll(/<TestCase ([^\n]*[^/])>\n(.*?)<\/TestCase>/gs)) {
    const passed = /test_case_success="true"/.test(body!);
    outcomes.set(caseKey(readCase(tag!)), { passed, complaint: passed ? "" : readComplaint(body!) });
  }
  return outcomes;
}
