// Who sees whom on a real server, and what they say to each other: our box and Debian's own client.

import assert from "node:assert/strict";
import { join } from "node:path";
import { plugjam } from "../cli/command.js";
import type { TestBox } from "../support/box.js";
import { startBoxAt } from "../support/box-at.js";
import { type JackServer, startJack } from "../support/jack.js";
import {
  type JamulusClient,
  type JamulusServer,
  startJamulusClient,
  startJamulusServer,
} from "../support/jamulus.js";
import { stopAllProcesses } from "../support/process.js";

describe("a box among others on a real server", function () {
  this.timeout(60_000);
  let server: JamulusServer;
  let jack: JackServer;
  let anna: JamulusClient;
  let box: TestBox;

  before(async () => {
    const welcome = '<h1>Be&nbsp;kind</h1><script>alert("x")</script> &amp; listen';
    server = await startJamulusServer({ welcome });
    jack = await startJack();
    anna = await startJamulusClient({ server, jack, name: "Anna", city: "Bern", instrument: 20 });
    const sets = ['profile.instrument="Electric Guitar"', 'profile.city="Zürich"', 'profile.country="CH"'];
    box = await startBoxAt(server, {
      name: "Jürg",
      sets: [...sets, 'profile.skill="beginner"', "privacy.chat=true"],
    });
    await box.press("connect");
  });

  after(stopAllProcesses);

  it("is seen by a real client: name, instrument, city, country, skill", async () => {
    const [own] = (await anna.sees(["Anna", "Jürg"])).filter(({ name }) => name === "Jürg");
    const { instrumentId, city, countryId, skillLevel } = own ?? {};
    assert.deepEqual(
      { instrumentId, city, countryId, skillLevel },
      { instrumentId: 3, city: "Zürich", countryId: 206, skillLevel: "beginner" },
    );
  });

  it("sees the real client", async () => {
    const { connection } = await box.reaches(
      "in company",
      ({ connection }) => connection.clients.length === 2,
    );
    const others = connection.clients.filter(({ id }) => id !== connection.clientId);
    assert.deepEqual(
      others.map(({ name, instrument, city }) => ({ name, instrument, city })),
      [{ name: "Anna", instrument: "Violin", city: "Bern" }],
    );
  });

  it("shows the server's welcome as plain words", async () => {
    const { connection } = await box.reaches("welcomed", ({ connection }) => connection.welcome !== null);
    assert.equal(connection.welcome, 'Be kind alert("x") & listen');
  });

  it("says something that the real client reads", async () => {
    await box.control.call("say", { text: "Grüezi <b>all</b> & 🎻" });
    assert.match(await anna.hears("Grüezi"), /<b>Jürg<\/b>.*Grüezi &lt;b&gt;all&lt;\/b&gt; &amp; 🎻$/);
  });

  it("reads what the real client says, without the markup around it", async () => {
    await anna.say("Shall we? 3 < 4 & 5 > 4");
    await box.reaches("told", ({ connection }) => connection.chat === "Anna: Shall we? 3 < 4 & 5 > 4");
  });

  it("takes markup and terminal codes in chat for what they are: letters, or nothing", async () => {
    const hostile =
      "</b></font><script>alert(1)</script>\u001b[31m\u001b]0;mine\u0007\u202edlrow\nsecond &lt;i&gt;";
    await anna.say(`${hostile} end`);
    const { connection } = await box.reaches("told", ({ connection }) => /end$/.test(connection.chat ?? ""));
    const shown = connection.chat ?? "";
    assert.match(shown, /^Anna: <\/b><\/font><script>alert\(1\)<\/script>/);
    assert.match(shown, /second &lt;i&gt; end$/);
    const codes = /[\p{Cc}\u202a-\u202e]/u;
    assert.doesNotMatch(shown, codes);
    const { code, out } = await plugjam("status", "--socket", join(box.folder, "control.sock"));
    assert.equal(code, 0);
    assert.doesNotMatch(out.replaceAll("\n", ""), codes);
  });

  it("notices when the other one goes", async () => {
    await anna.stop();
    await box.reaches("alone", ({ connection }) => connection.clients.length === 1);
  });
});
