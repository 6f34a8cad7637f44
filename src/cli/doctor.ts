// `plugjam doctor`: whether this machine has what a box needs.

import { type Check, examine, type Patient } from "./doctor-checks.js";
import { type ExitCode, print } from "./output.js";

export interface DoctorOptions extends Patient {
  readonly json?: boolean;
}

export async function doctor({ json = false, ...patient }: DoctorOptions): Promise<ExitCode> {
  const checks = await examine(patient);
  print(json ? JSON.stringify(checks) : checks.map(checkText).join("\n"));
  return checks.every((check) => check.ok) ? 0 : 1;
}

function checkText({ check, ok, detail, fix }: Check): string {
  const line = `${ok ? "ok  " : "BAD "} ${check}: ${detail}`;
  return fix === undefined ? line : `${line}\n     ${fix}`;
}
