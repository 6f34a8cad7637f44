// A box that knows a server by its name only: on the list of our own hub, and on that of a real Jamulus directory.

import assert from "node:assert/strict";
import { TestBox } from "../support/box.js";
import { noCard } from "../support/box-at.js";
import { TestHub } from "../support/hub.js";
import { startJamulusServer } from "../support/jamulus.js";
import { stopAllProcesses } from "../support/process.js";

describe("a box by way of a directory", function () {
  this.timeout(60_000);

  afterEach(stopAllProcesses);

  function startBox(server: string, directory: { readonly port: number }): Promise<TestBox> {
    const config = `
[profile]
name = "Box"
[[server]]
name = "${server}"
address = "directory:127.0.0.1:${directory.port}"
[connect]
on_boot = true
[audio]
device = "${noCard}"
`;
    return TestBox.start({ config });
  }

  it("finds a Jamulus server that our hub lists, and tells who got to know what", async () => {
    const directory = await TestHub.start({ sets: ["hub.directory=true"] });
    const room = await startJamulusServer({
      args: ["--directoryserver", `127.0.0.1:${directory.port}`, "--serverinfo", "Room 7;Bern;206"],
    });
    await directory.reaches("listing it", ({ listed }) => listed === 1);
    const box = await startBox("room 7", directory);
    const { privacy, connection } = await box.plays();
    await room.serves(["Box"]);
    assert.equal(connection.server?.name, "room 7");
    const ledger = privacy.disclosed.map(({ what, to }) => `${what} ${to}`);
    const [directoryAt, roomAt] = [`127.0.0.1:${directory.port}`, `127.0.0.1:${room.port}`];
    for (const entry of [
      `list-request ${directoryAt}`,
      `address ${directoryAt}`,
      `audio ${roomAt}`,
      `profile ${roomAt}`,
    ])
      assert.ok(ledger.includes(entry), ledger.join(", "));
    assert.ok(!ledger.includes(`audio ${directoryAt}`));
    assert.deepEqual((await directory.status()).clients, []);
  });

  it("finds our hub on the list of a Jamulus directory, and waits until it is there", async () => {
    const directory = await startJamulusServer({
      args: ["--directoryserver", "localhost", "--serverinfo", "Lab;Basel;206"],
    });
    const box = await startBox("School", directory);
    const { connection } = await box.reaches("waiting", (status) => status.connection.state === "waiting");
    assert.match(connection.reason ?? "", /School/);
    const hub = await TestHub.start({
      name: "School",
      sets: [`hub.register_with=["127.0.0.1:${directory.port}"]`],
    });
    await hub.reaches("registered", ({ registrations }) => registrations[0]?.state === "registered");
    await box.plays();
    await hub.serves("Box");
  });

  it("joins the directory itself by its own name", async () => {
    const hub = await TestHub.start({ name: "Main hall", sets: ["hub.directory=true"] });
    const box = await startBox("Main hall", hub);
    await box.plays();
    await hub.serves("Box");
  });
});
