// Mocha cases whose bodies run inside the test kernel: their file is started there a second time, by itself.

import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import { buildTimeoutMs, type GuestOptions, runInKernel, testKernel } from "./kernel.js";

/** Beside what a mocha hook may take: the guest's deadline, and a little to switch it off. */
const switchOffMs = 30_000;

type Body = () => void | Promise<void>;

/** What the cases are defined with, in place of mocha's own. They run in order and may build on each other. */
export interface GuestSuite {
  before(body: Body): void;
  afterEach(body: Body): void;
  it(title: string, body: Body): void;
}

interface Outcome {
  readonly title: string;
  readonly failure: Failure | null;
}

interface Failure {
  readonly message: string;
  readonly stack: string;
}

/** In the guest: the title of the suite to run. */
const wanted = process.env.GUEST_SUITE;

/**
 * A suite that boots the kernel once. `definedIn` is the test file's `import.meta.url`; its suites have titles of
 * their own. Without a kernel the cases are skipped, and the reason is printed.
 */
export function describeInKernel(
  definedIn: string,
  title: string,
  options: GuestOptions,
  define: (suite: GuestSuite) => void,
): void {
  const slug = title.replace(/\W+/g, "-");
  if (wanted === undefined)
    describeOnHost(relative(process.cwd(), fileURLToPath(definedIn)), title, slug, options, define);
  else if (wanted === slug) void runHere(define);
}

function describeOnHost(
  file: string,
  title: string,
  slug: string,
  options: GuestOptions,
  define: (suite: GuestSuite) => void,
): void {
  describe(title, () => {
    let outcomes: readonly Outcome[] = [];
    let ending = "";

    before(async function () {
      const { deadlineMs = 60_000 } = options;
      // One for both: mocha holds a hook that ends to its latest limit, counted from its begin.
      this.timeout(buildTimeoutMs + deadlineMs + switchOffMs);
      const kernel = await testKernel();
      if ("missing" in kernel) {
        console.log(`      no test kernel on this machine: ${kernel.missing}`);
        this.skip();
      }
      const command = `GUEST_SUITE=${slug} node ${file}`;
      const run = await runInKernel(kernel.folder, command, { ...options, deadlineMs });
      if (!run.booted) {
        console.log(
          `      the test kernel does not run on this machine: ${run.console.split("\n").slice(-2).join(", ")}`,
        );
        this.skip();
      }
      ending = run.console;
      outcomes = run.outcomes
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Outcome);
    });

    define({
      before: () => undefined,
      afterEach: () => undefined,
      it: (name) =>
        it(name, () => {
          const outcome = outcomes.find((each) => each.title === name);
          if (outcome === undefined) assert.fail(`the guest ended before this case did:\n${ending}`);
          if (outcome.failure) throw Object.assign(new Error(), outcome.failure);
        }),
    });
  });
}

/** In the guest: the cases in their order, each outcome told as soon as it is known. */
async function runHere(define: (suite: GuestSuite) => void): Promise<void> {
  // What support/process.ts starts keeps no program alive.
  setInterval(() => undefined, 3_600_000);
  const befores: Body[] = [];
  const afterEaches: Body[] = [];
  const cases: { readonly title: string; readonly body: Body }[] = [];
  define({
    before: (body) => befores.push(body),
    afterEach: (body) => afterEaches.push(body),
    it: (title, body) => cases.push({ title, body }),
  });
  const inTheWay = await failureOf(befores);
  for (const { title, body } of cases) {
    const failed = inTheWay ?? (await failureOf([body]));
    const undone = await failureOf(afterEaches);
    const outcome: Outcome = { title, failure: failed ?? undone };
    appendFileSync("/mnt/outcomes", `${JSON.stringify(outcome)}\n`);
  }
  process.exit();
}

/** Of the first of these that fails; the others are not run. */
async function failureOf(bodies: readonly Body[]): Promise<Failure | null> {
  try {
    for (const body of bodies) await body();
    return null;
  } catch (error) {
    const { message, stack = message } = error instanceof Error ? error : new Error(inspect(error));
    return { message, stack };
  }
}
