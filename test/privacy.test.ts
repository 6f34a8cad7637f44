// PRIVACY.md keeps its own promise: every promise names tests, and every test it names is there.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

/** The rows of the Jamulus privacy statement that the promise answers, and one for hubs. */
const promises = 10;

const sections = readFileSync("PRIVACY.md", "utf8").split(/^## /m).slice(1);

describe("the privacy promise", () => {
  it("answers every fact, and names tests for each answer", () => {
    assert.equal(sections.length, promises);
    for (const section of sections) assert.ok(namedTests(section).length > 0, section.split("\n")[0]);
  });

  for (const section of sections) {
    it(`names tests that there are: ${section.split("\n")[0]}`, () => {
      const missing = namedTests(section).filter(({ file, title }) => !hasCase(read(file), title));
      assert.deepEqual(missing, []);
    });
  }

  it("would notice a test that is gone, or is called something else", () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the source of a test
    const source = 'it("is silent", () => {});\nit(`shows ${name}`);\nshows("ready", state);';
    for (const title of ["is silent", "shows ready"]) assert.ok(hasCase(source, title));
    for (const title of ["is", "is silent now", "shows steady", "hides ready"])
      assert.ok(!hasCase(source, title));
  });
});

function namedTests(section: string): { file: string; title: string }[] {
  return [...section.matchAll(/^- `(test\/[^`]+)` “([^”]+)”$/gm)].map(([, file = "", title = ""]) => ({
    file,
    title,
  }));
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** A case whose title is made of parts counts if the file quotes what the title has in their places. */
function hasCase(source: string, title: string): boolean {
  const titles = [...source.matchAll(/\bit\(\s*(?:"((?:[^"\\]|\\.)*)"|`([^`]*)`)/g)];
  return titles.some(([, plain, template]) => {
    if (template === undefined) return plain === title;
    const pattern = template.split(/\$\{[^}]*\}/).map(literally);
    const parts = new RegExp(`^${pattern.join("(.+)")}$`).exec(title)?.slice(1);
    return parts?.every((part) => source.includes(JSON.stringify(part))) ?? false;
  });
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
