// Runs the C++ test programs and reports each of their cases as one of mocha's.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { caseKey, type NativeOutcome, readCases, readOutcomes } from "./doctest.js";

const runTimeoutMs = 15 * 60_000;

interface NativeRun {
  readonly outcomes: Map<string, NativeOutcome>;
  readonly stderr: string;
  /** How the program ended: "exit 0" or the name of a signal. */
  readonly end: string;
}

/** Its cases take as long as all others together. */
const longFile = "*/two_clocks_test.cpp";

/** Both halves at once, one a processor. */
function runProgram(program: string): Promise<readonly NativeRun[]> {
  const halves = [`--source-file=${longFile}`, `--source-file-exclude=${longFile}`];
  return Promise.all(halves.map((half) => runHalf(program, half)));
}

function runHalf(program: string, half: string): Promise<NativeRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [half, "-r=xml"], { stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("error", reject);
    child.on("close", (status, signal) =>
      resolve({ outcomes: readOutcomes(stdout), stderr, end: signal ?? `exit ${status}` }),
    );
  });
}

function describeProgram(name: string, title: string): void {
  const program = path.resolve("native/build/Release", name);
  assert.ok(existsSync(program), `${program} is missing: npm run setup builds it`);
  const listed = spawnSync(program, ["--list-test-cases", "-r=xml"], { encoding: "utf8" });
  assert.equal(listed.status, 0, `${program} cannot list its cases: ${listed.stderr}`);
  const cases = readCases(listed.stdout);

  describe(title, () => {
    let halves: readonly NativeRun[];
    before(async function () {
      this.timeout(runTimeoutMs);
      halves = await runProgram(program);
    });

    for (const file of new Set(cases.map((each) => each.file))) {
      describe(path.relative("../test", file), () => {
        for (const each of cases.filter((candidate) => candidate.file === file)) {
          it(each.title, () => {
            const outcome = halves.map(({ outcomes }) => outcomes.get(caseKey(each))).find(Boolean);
            const ends = halves.map(({ end }) => end).join(", ");
            if (outcome === undefined) assert.fail(`the program ended before this case did: ${ends}`);
            if (!outcome.passed) assert.fail(outcome.complaint);
          });
        }
      });
    }

    // What no single case can be blamed for: a crash, or a leak that is told after the last of them has passed.
    it("ends as its cases did", () => {
      for (const { end, outcomes, stderr } of halves) {
        const failed = [...outcomes.values()].some((outcome) => !outcome.passed);
        if (end !== "exit 0" && (!failed || stderr !== "")) assert.fail(`${end}\n${stderr}`);
      }
    });
  });
}

describeProgram("native_tests", "native");
describeProgram("native_tests_sanitized", "native, under AddressSanitizer and UndefinedBehaviorSanitizer");
