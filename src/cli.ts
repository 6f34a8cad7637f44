#!/usr/bin/env -S node --optimize-for-size
// The command line: which commands there are, and what each takes. The work is in cli/, loaded when it is asked for.

import { Argument, Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { complain, type ExitCode } from "./cli/output.js";
import { defaultSocket } from "./config/default-socket.js";
import { version } from "./lib/version.js";

const socket = () => new Option("--socket <path>", "the box's control socket").default(defaultSocket);
const ownSocket = () => new Option("--socket <path>", "where to make the control socket");
const json = () => new Option("--json", "for programs: JSON, one value a line");
const set = () =>
  new Option("--set <key=value>", "overrides a key of the configuration; may be repeated")
    .default([])
    .argParser((value: string, before: readonly string[]) => [...before, value]);

/** Runs a command and keeps its exit code for when everything is written. */
function ending<Given extends unknown[]>(command: (...given: Given) => Promise<ExitCode>) {
  return async (...given: Given) => {
    process.exitCode = await command(...given);
  };
}

const program = new Command("plugjam")
  .description("One button, and people in different rooms play together through a Jamulus server.")
  .version(version)
  .exitOverride()
  .configureOutput({ outputError: (text) => complain(text.replace(/^error: /, "plugjam: ").trim()) });

program
  .command("run")
  .description("be a box until told to stop")
  .option("--config <file>", "plugjam.toml")
  .addOption(set())
  .addOption(ownSocket())
  .action(ending(async (options) => (await import("./cli/run.js")).run(options)));

program
  .command("demo")
  .description("hear and see it all without a sound card: a box plays a tune to a hub of its own")
  .option("--device <name>", "play on this ALSA device instead")
  .addOption(new Option("--seconds <n>", "how long; without it, until you end it").argParser(seconds))
  .addOption(set())
  .action(
    ending(async ({ set: sets, ...options }) => {
      const { runDemo } = await import("./demo/demo.js");
      return runDemo({ ...options, sets, stdin: process.stdin, stdout: process.stdout });
    }),
  );

program
  .command("status")
  .description("how the box is")
  .addOption(json())
  .option("--watch", "again after each change")
  .addOption(socket())
  .action(ending(async (options) => (await import("./cli/status.js")).status(options)));

program
  .command("press")
  .description("press a button of the box")
  .addArgument(new Argument("<button>").choices(["connect", "mute"]))
  .addOption(new Option("--hold <ms>", "how long it is down").argParser(holdMs).default(0))
  .addOption(socket())
  .action(ending(async (button, options) => (await import("./cli/press.js")).press(button, options)));

program
  .command("record")
  .description("have the hub record, stop, or go on in new files")
  .addArgument(new Argument("<wish>").choices(["start", "stop", "new"]))
  .addOption(socket())
  .action(ending(async (wish, options) => (await import("./cli/record.js")).record(wish, options)));

program
  .command("devices")
  .description("list the sound devices of this machine")
  .addOption(json())
  .action(ending(async (options) => (await import("./cli/devices.js")).devices(options)));

program
  .command("check")
  .description("check a configuration")
  .argument("<file>", "plugjam.toml")
  .action(ending(async (file) => (await import("./cli/check.js")).check(file)));

program
  .command("doctor")
  .description("check that this machine has what a box needs")
  .addOption(json())
  .option("--config <file>", "check this plugjam.toml too")
  .addOption(socket())
  .action(ending(async (options) => (await import("./cli/doctor.js")).doctor(options)));

function holdMs(text: string): number {
  return numberFrom(0, 60_000, text);
}

function seconds(text: string): number {
  return numberFrom(1, 86_400, text);
}

function numberFrom(min: number, max: number, text: string): number {
  const number = Number(text);
  if (text.trim() !== "" && number >= min && number <= max) return number;
  throw new InvalidArgumentError(`Allowed: ${min} to ${max}.`);
}

// Whoever reads us, such as `head`, may have enough before we are done.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
