// What of its owner a box tells a server, unless its owner writes more down: the name of the box.

import assert from "node:assert/strict";
import { hostname } from "node:os";
import { cutText, textLimits } from "../../src/protocol/index.js";
import { TestBox } from "../support/box.js";
import { noCard } from "../support/box-at.js";
import { stopAllProcesses } from "../support/process.js";
import { ScriptedServer } from "../support/scripted-server.js";
import { until } from "../support/until.js";

/** All that a box has to say to a server; its own version and system are not among it. */
const sayings = [
  "audio",
  "ACKN",
  "CHANNEL_INFOS",
  "JITT_BUF_SIZE",
  "NETW_TRANSPORT_PROPS",
  "REQ_CHANNEL_LEVEL_LIST",
  "REQ_CONN_CLIENTS_LIST",
  "CLM_PING_MS",
  "CLM_PING_MS_WITHNUMCLIENTS",
  "CLM_REQ_VERSION_AND_OS",
  "CLM_REQ_SERVER_FEATURES",
  "CLM_DISCONNECTION",
];

describe("a box of whose owner nothing is written down", function () {
  this.timeout(60_000);
  let server: ScriptedServer;

  before(async () => {
    server = await ScriptedServer.start();
  });
  after(async () => {
    await stopAllProcesses();
    server.close();
  });

  it("tells a server its own name and nothing else, however often it is asked", async () => {
    let known = false;
    server.onArrival = ({ message, from }) => {
      if (known || message !== null) return;
      known = true;
      server.say(from, { kind: "CLIENT_ID", channel: 0 });
      server.say(from, { kind: "REQ_CHANNEL_INFOS" });
      server.say(from, { kind: "CLM_REQ_VERSION_AND_OS" });
      server.say(from, { kind: "CLM_REQ_CONN_CLIENTS_LIST" });
      server.say(from, { kind: "REQ_CHANNEL_INFOS" });
    };
    const config = `[[server]]\naddress = "127.0.0.1:${server.port}"\n[audio]\ndevice = "${noCard}"\n`;
    const box = await TestBox.start({ config });
    await box.press("connect");
    const told = () =>
      server.arrivals.flatMap(({ message }) => (message?.kind === "CHANNEL_INFOS" ? message : []));
    await until("the profile, twice", () => told().length >= 2);
    await box.press("connect");
    await box.reaches("out", ({ connection }) => connection.state === "idle");
    const { privacy } = await box.status();
    assert.equal(await box.stop(), "exit 0");

    const name = cutText(hostname(), textLimits.name);
    for (const profile of told()) {
      const nothing = { instrument: 0, city: "", country: 0, skill: 0 };
      assert.deepEqual(profile, { kind: "CHANNEL_INFOS", name, ...nothing });
    }
    assert.deepEqual(
      server.heard.filter((kind) => !sayings.includes(kind)),
      [],
    );
    assert.deepEqual(privacy.disclosed.map(({ what }) => what).toSorted(), [
      "address",
      "audio",
      "enquiry",
      "profile",
    ]);
    assert.ok(privacy.disclosed.every(({ to }) => to === `127.0.0.1:${server.port}`));
  });
});
