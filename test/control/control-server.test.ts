// The control socket: its file, every method, and programs that do not behave.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ControlClient } from "../../src/control/control-client.js";
import { ControlServer, maxCallers } from "../../src/control/control-server.js";
import { maxLineBytes } from "../../src/control/socket-caller.js";
import { systemClock } from "../../src/lib/clock.js";
import { FakeBox } from "./fake-box.js";
import { RawCaller } from "./raw-caller.js";

describe("control socket", () => {
  let folder: string;
  let path: string;
  let box: FakeBox;
  let server: ControlServer;
  let logged: string[];
  let callers: { close(): void }[];

  function serverAt(socket: string): ControlServer {
    const log = (_: unknown, text?: string) => logged.push(text ?? String(_));
    return new ControlServer({ path: socket, box, clock: systemClock, logger: { warn: log, error: log } });
  }

  async function client(): Promise<ControlClient> {
    const made = await ControlClient.connect(path);
    callers.push(made);
    return made;
  }

  async function raw(): Promise<RawCaller> {
    const made = await RawCaller.at(path);
    callers.push(made);
    return made;
  }

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "plugjam-control-"));
    path = join(folder, "run", "control.sock");
    box = new FakeBox();
    logged = [];
    callers = [];
    server = serverAt(path);
    assert.equal(await server.start(), null);
  });

  afterEach(async () => {
    for (const caller of callers) caller.close();
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  describe("its file", () => {
    it("is made with its folder, for owner and group only, and is taken away at the end", async () => {
      assert.equal(statSync(path).mode & 0o777, 0o660);
      assert.equal(statSync(join(folder, "run")).mode & 0o777, 0o755 & ~process.umask());
      await server.stop();
      assert(!existsSync(path));
    });

    it("leaves the process's own file mode mask alone", async () => {
      const before = process.umask();
      const another = serverAt(join(folder, "another.sock"));
      assert.equal(await another.start(), null);
      assert.equal(process.umask(), before);
      await another.stop();
    });

    it("takes the place of a box that died", async () => {
      const dead = join(folder, "dead.sock");
      const script = `require("net").createServer().listen(${JSON.stringify(dead)}, () => process.kill(process.pid, 9))`;
      await once(spawn(process.execPath, ["-e", script]), "exit");
      assert(existsSync(dead));
      const next = serverAt(dead);
      assert.equal(await next.start(), null);
      await next.stop();
    });

    it("stays with the box that lives there", async () => {
      await assert.rejects(
        serverAt(path).start(),
        new Error(
          `another Plugjam is running there: ${path}; stop it, or set control.socket to another path`,
        ),
      );
      assert.equal((await (await client()).call("status", {})).version, "0.0.0");
    });

    it("does not remove a file that is no socket", async () => {
      const file = join(folder, "notes.txt");
      writeFileSync(file, "mine");
      assert.equal(
        await serverAt(file).start(),
        `${file} is there already and no socket: set control.socket to another path`,
      );
      assert(existsSync(file));
    });

    it("says when it cannot be made", async () => {
      writeFileSync(join(folder, "file"), "");
      const nowhere = join(folder, "file", "control.sock");
      assert.match(
        (await serverAt(nowhere).start()) ?? "",
        /^cannot create .*control\.sock \(E[A-Z]+\): set control\.socket /,
      );
      mkdirSync(join(folder, "a-folder.sock"));
      assert.match((await serverAt(join(folder, "a-folder.sock")).start()) ?? "", /no socket/);
    });
  });

  describe("its methods", () => {
    it("status", async () => {
      assert.deepEqual(await (await client()).call("status", {}), box.status());
    });

    it("turn into wishes", async () => {
      const caller = await client();
      assert.equal(await caller.call("press", { button: "connect" }), null);
      await caller.call("press", { button: "mute", holdMs: 60 });
      await caller.call("setGain", { db: -12.5 });
      await caller.call("setMuted", { muted: true });
      await caller.call("say", { text: "Hello, Zoë" });
      await caller.call("disconnect", {});
      assert.deepEqual(box.wishes, [
        { kind: "button.down", button: "connect" },
        { kind: "button.up", button: "connect" },
        { kind: "button.down", button: "mute" },
        { kind: "button.up", button: "mute" },
        { kind: "gain.asked", db: -12.5 },
        { kind: "mute.asked", muted: true },
        { kind: "chat.asked", text: "Hello, Zoë" },
        { kind: "disconnect.asked" },
      ]);
    });

    it("say nothing where chat is off", async () => {
      box.chatAllowed = false;
      await assert.rejects((await client()).call("say", { text: "Hello" }), {
        message: "Chat is off: everybody on a server reads it. Set privacy.chat = true.",
      });
      assert.deepEqual(box.wishes, []);
    });

    it("connect finds a server by name, by address, or takes a new one", async () => {
      const caller = await client();
      await caller.call("connect", {});
      await caller.call("connect", { server: "home" });
      await caller.call("connect", { server: "192.0.2.7" });
      await caller.call("connect", { server: "[fd00::1]:22124" });
      assert.deepEqual(box.wishes, [
        { kind: "connect.asked", server: null },
        { kind: "connect.asked", server: { name: "Home", address: "home.example:22125" } },
        { kind: "connect.asked", server: { name: "School", address: "192.0.2.7" } },
        { kind: "connect.asked", server: { name: "[fd00::1]:22124", address: "[fd00::1]:22124" } },
      ]);
    });

    it("start and stop a recording on a hub, which says why it cannot; on a box they cannot", async () => {
      const caller = await client();
      await assert.rejects(caller.call("record", { wish: "start" }), {
        code: -32000,
        message: 'Only a hub records: set role = "hub" or "both".',
      });
      const wishes: string[] = [];
      box.record = (wish) => {
        wishes.push(wish);
        return wish === "new" ? "The hub is not up." : null;
      };
      await caller.call("record", { wish: "start" });
      await caller.call("record", { wish: "stop" });
      await assert.rejects(caller.call("record", { wish: "new" }), {
        code: -32000,
        message: "The hub is not up.",
      });
      assert.deepEqual(wishes, ["start", "stop", "new"]);
    });

    it("that cannot be fulfilled now say so", async () => {
      const caller = await client();
      box.state = "idle";
      box.servers = [];
      await assert.rejects(caller.call("say", { text: "hello" }), {
        code: -32000,
        message: "Nobody would read it: the box is on no server.",
      });
      await assert.rejects(caller.call("connect", {}), {
        code: -32000,
        message: "No server is configured: name one.",
      });
      assert.deepEqual(box.wishes, []);
    });

    const wrong: readonly (readonly [method: string, params: string, message: string])[] = [
      ["press", '{"button":"rec"}', 'button must be "connect" or "mute".'],
      ["press", "{}", "press needs button."],
      ["press", '{"button":"mute","holdMs":-1}', "holdMs must be a number from 0 to 60000."],
      ["press", '{"button":"mute","times":2}', "press has no parameter times."],
      ["press", "[]", "press needs button."],
      ["press", '"mute"', "The parameters of press must be an object."],
      ["setGain", '{"db":"loud"}', "db must be a number from -40 to 40."],
      ["setGain", '{"db":41}', "db must be a number from -40 to 40."],
      ["setMuted", '{"muted":1}', "muted must be true or false."],
      ["say", '{"text":""}', "text must be text of 1 to 1600 characters."],
      ["say", `{"text":"${"x".repeat(1601)}"}`, "text must be text of 1 to 1600 characters."],
      ["connect", '{"server":"a b"}', '"a b" is neither a configured server nor an address.'],
      ["status", '{"all":true}', "status has no parameter all."],
    ];
    for (const [method, params, message] of wrong) {
      it(`${method} refuses ${params.slice(0, 40)}`, async () => {
        const caller = await raw();
        const answer = await caller.ask(`{"jsonrpc":"2.0","id":1,"method":"${method}","params":${params}}`);
        assert.deepEqual(answer, { jsonrpc: "2.0", id: 1, error: { code: -32602, message } });
        assert.deepEqual(box.wishes, []);
      });
    }

    it("that break are our own fault, and logged", async () => {
      box.dispatch = () => {
        throw new Error("a bug");
      };
      await assert.rejects((await client()).call("disconnect", {}), {
        code: -32603,
        message: "The box failed to do that; its log says why.",
      });
      assert.deepEqual(logged, ["a request at the control socket failed"]);
    });
  });

  describe("its lines", () => {
    const bad: readonly (readonly [line: string, code: number])[] = [
      ["{", -32700],
      ["null", -32700],
      ["5", -32600],
      ["[]", -32600],
      ["[null]", -32600],
      ['{"jsonrpc":"2.0","id":1}', -32600],
      ['{"jsonrpc":"1.0","id":1,"method":"status"}', -32600],
      ['{"jsonrpc":"2.0","id":1,"method":"explode"}', -32601],
      ['{"jsonrpc":"2.0","id":1,"method":"constructor"}', -32601],
    ];
    for (const [line, code] of bad) {
      it(`answers ${line} with ${code}, and goes on`, async () => {
        const caller = await raw();
        const answer = (await caller.ask(line)) as { error?: { code: number } };
        assert.equal(answer.error?.code, code);
        const status = (await caller.ask('{"jsonrpc":"2.0","id":2,"method":"status"}')) as { id?: number };
        assert.equal(status.id, 2);
      });
    }

    it("may come in pieces, several at once, with empty ones between, and are answered in order", async () => {
      const caller = await raw();
      const ask = (id: number, method: string) => `{"jsonrpc":"2.0","id":${id},"method":"${method}"}`;
      caller.send(ask(1, "status").slice(0, 9));
      assert.equal(((await caller.ask(ask(1, "status").slice(9))) as { id: number }).id, 1);
      caller.send(`\n\r\n${ask(2, "disconnect")}\n${ask(3, "nothing")}\r\n${ask(4, "status")}\n`);
      const ids = [await caller.next(), await caller.next(), await caller.next()];
      assert.deepEqual(
        ids.map((answer) => (answer as { id: number }).id),
        [2, 3, 4],
      );
    });

    it("without an id get no answer", async () => {
      const caller = await raw();
      caller.send('{"jsonrpc":"2.0","method":"disconnect"}\n');
      const answer = (await caller.ask('{"jsonrpc":"2.0","id":9,"method":"status"}')) as { id: number };
      assert.equal(answer.id, 9);
      assert.deepEqual(box.wishes, [{ kind: "disconnect.asked" }]);
    });

    it("that are too long end the connection, with an answer", async () => {
      const caller = await raw();
      const longest = `{"jsonrpc":"2.0","id":1,"method":"status"}`.padEnd(maxLineBytes);
      assert.equal(((await caller.ask(longest)) as { id: number }).id, 1);
      caller.send("x".repeat(maxLineBytes + 1));
      assert.deepEqual(await caller.next(), {
        jsonrpc: "2.0",
        id: null,
        error: { code: -32600, message: "A line may have 65536 bytes at most." },
      });
      assert.equal(await caller.next(), undefined);
      assert.equal((await (await client()).call("status", {})).version, "0.0.0");
    });
  });

  describe("watchers", () => {
    const news = (state: string) => (line: unknown) =>
      (line as { params: { connection: { state: string } } }).params.connection.state === state;

    it("hear the status, then each change, once", async () => {
      const callers = [await raw(), await raw()];
      for (const caller of callers) {
        const answer = await caller.ask('{"jsonrpc":"2.0","id":1,"method":"watch"}');
        assert.deepEqual(answer, { jsonrpc: "2.0", id: 1, result: box.status() });
      }
      assert.equal(box.listeners, 1);
      box.change("leaving");
      box.change("idle");
      for (const caller of callers) {
        const [first, second] = [await caller.next(), await caller.next()];
        assert.deepEqual(Object.keys(first as object), ["jsonrpc", "method", "params"]);
        assert(news("leaving")(first) && news("idle")(second));
      }
    });

    it("hear nothing before the answer to watch", async () => {
      const caller = await raw();
      const status = box.status.bind(box);
      // The worst moment: a change between the question and its answer.
      box.status = () => {
        box.status = status;
        const answered = status();
        box.change("leaving");
        return answered;
      };
      const answer = (await caller.ask('{"jsonrpc":"2.0","id":1,"method":"watch"}')) as { id?: number };
      assert.equal(answer.id, 1);
      assert(news("leaving")(await caller.next()));
    });

    it("are no longer bothered with after they are gone", async () => {
      const caller = await client();
      await caller.watch(() => {});
      assert.equal(box.listeners, 1);
      caller.close();
      await until(() => box.listeners === 0);
    });

    it("that do not read are dropped, and the others go on", async () => {
      const slow = await raw();
      await slow.ask('{"jsonrpc":"2.0","id":1,"method":"watch"}');
      slow.socket.pause();
      let heard = 0;
      const quick = await client();
      await quick.watch(() => heard++);
      box.padding = "x".repeat(100_000);
      let changes = 0;
      while (logged.length === 0 && changes < 1000) {
        box.change("connected");
        changes++;
        await until(() => heard === changes);
      }
      assert.deepEqual(logged, ["dropped a program at the control socket that does not read its answers"]);
      box.change("idle");
      await until(() => heard === changes + 1);
    });
  });

  it(`serves ${maxCallers} programs at once, and sends one more away`, async () => {
    const all = await Promise.all(Array.from({ length: maxCallers }, client));
    await Promise.all(all.map((caller) => caller.call("status", {})));
    const late = await raw();
    const answer = (await late.next()) as { error: { code: number; message: string } };
    assert.deepEqual(answer.error, {
      code: -32000,
      message: `${maxCallers} programs are here already; try again later.`,
    });
    assert.equal(await late.next(), undefined);
    all[0]?.close();
    await until(async () => {
      const again = await raw();
      again.send('{"jsonrpc":"2.0","id":1,"method":"status"}\n');
      return "result" in ((await again.next()) as object);
    });
  });

  it("hangs up on everybody when the box stops", async () => {
    const caller = await client();
    await caller.call("status", {});
    await server.stop();
    await caller.closed;
    await assert.rejects(caller.call("status", {}), { message: "The box hung up." });
  });
});

/** Waits for the event loop to make something true; the test's own time-out ends it. */
async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await new Promise((resolve) => setImmediate(resolve));
}
