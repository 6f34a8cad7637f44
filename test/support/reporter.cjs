// Mocha's spec reporter with a plain closing line, "N passed, N failed", which machines look for.
const { reporters, Runner } = require("mocha");

module.exports = class PlainClosingLine extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    // Registered after the spec reporter's own, so that this is the last line.
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures, pending } = runner.stats;
      const skipped = pending > 0 ? `, ${pending} skipped` : "";
      process.stdout.write(`${passes} passed, ${failures} failed${skipped}\n`);
    });
  }
};
