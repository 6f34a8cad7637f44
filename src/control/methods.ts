// The methods of the control socket: their parameters, and what each does to the box.

import { JSONRPCErrorCode, JSONRPCErrorException, JSONRPCServer } from "json-rpc-2.0";
import * as v from "valibot";
import type { Server } from "../core/state.js";
import type { Status } from "../core/status.js";
import { parseServerAddress } from "../lib/server-address.js";
import type { ControlledBox, Wish } from "./controlled-box.js";
import type { Finger } from "./finger.js";

/** Code of a request that was understood and cannot be fulfilled now. */
export const notNow = -32000;

function numberFrom(min: number, max: number) {
  const allowed = `a number from ${min} to ${max}`;
  return v.pipe(v.number(allowed), v.minValue(min, allowed), v.maxValue(max, allowed));
}

function textOf(min: number, max: number) {
  const allowed = `text of ${min} to ${max} characters`;
  return v.pipe(v.string(allowed), v.minLength(min, allowed), v.maxLength(max, allowed));
}

const nothing = v.strictObject({});

const schemas = {
  status: nothing,
  watch: nothing,
  press: v.strictObject({
    button: v.picklist(["connect", "mute"], '"connect" or "mute"'),
    /** How long the button is down; the answer comes when it is up again. */
    holdMs: v.optional(numberFrom(0, 60_000), 0),
  }),
  setGain: v.strictObject({ db: numberFrom(-40, 40) }),
  setMuted: v.strictObject({ muted: v.boolean("true or false") }),
  say: v.strictObject({ text: textOf(1, 1600) }),
  /** `server` is the name of a configured server, or an address; the one that CONNECT would join if left out. */
  connect: v.strictObject({ server: v.optional(textOf(1, 300)) }),
  disconnect: nothing,
  /** Of a hub only. Who is there is told before anything is written. */
  record: v.strictObject({ wish: v.picklist(["start", "stop", "new"], '"start", "stop" or "new"') }),
};

export type Method = keyof typeof schemas;
export type Params<M extends Method> = v.InferInput<(typeof schemas)[M]>;
export type Result<M extends Method> = M extends "status" | "watch" ? Status : null;

/** One connection to the socket, as far as a method sees it. */
export interface Caller {
  /** Sends a `status` notification for each change from now on. */
  watch(): void;
}

type Handlers = {
  [M in Method]: (
    params: v.InferOutput<(typeof schemas)[M]>,
    caller: Caller,
  ) => Result<M> | Promise<Result<M>>;
};

function handlersFor(box: ControlledBox, finger: Finger): Handlers {
  return {
    status: () => box.status(),
    watch: (_, caller) => {
      caller.watch();
      return box.status();
    },
    press: async ({ button, holdMs }) => {
      await finger.press(button, holdMs);
      return null;
    },
    setGain: ({ db }) => wish(box, { kind: "gain.asked", db }),
    setMuted: ({ muted }) => wish(box, { kind: "mute.asked", muted }),
    say: ({ text }) => {
      if (!box.chatAllowed) {
        throw new JSONRPCErrorException(
          "Chat is off: everybody on a server reads it. Set privacy.chat = true.",
          notNow,
        );
      }
      if (box.status().connection.state !== "connected") {
        throw new JSONRPCErrorException("Nobody would read it: the box is on no server.", notNow);
      }
      return wish(box, { kind: "chat.asked", text });
    },
    connect: ({ server }) => wish(box, { kind: "connect.asked", server: serverFor(box.servers, server) }),
    disconnect: () => wish(box, { kind: "disconnect.asked" }),
    record: ({ wish }) => {
      if (!box.record) {
        throw new JSONRPCErrorException('Only a hub records: set role = "hub" or "both".', notNow);
      }
      const problem = box.record(wish);
      if (problem !== null) throw new JSONRPCErrorException(problem, notNow);
      return null;
    },
  };
}

function wish(box: ControlledBox, wish: Wish): null {
  box.dispatch(wish);
  return null;
}

/** null stands for the one that CONNECT would join. */
function serverFor(servers: readonly Server[], wanted: string | undefined): Server | null {
  if (wanted === undefined) {
    if (servers.length > 0) return null;
    throw new JSONRPCErrorException("No server is configured: name one.", notNow);
  }
  const known = servers.find(
    ({ name, address }) => name.toLowerCase() === wanted.toLowerCase() || address === wanted,
  );
  if (known) return known;
  if (parseServerAddress(wanted)) return { name: wanted, address: wanted };
  throw invalid(`${JSON.stringify(wanted)} is neither a configured server nor an address.`);
}

/** A JSON-RPC server for one box. `failed` hears of errors that are our own. */
export function rpcServer(
  box: ControlledBox,
  finger: Finger,
  failed: (error: unknown) => void,
): JSONRPCServer<Caller> {
  const server = new JSONRPCServer<Caller>({
    errorListener: (_, error) => {
      if (!(error instanceof JSONRPCErrorException)) failed(error);
    },
  });
  server.mapErrorToJSONRPCErrorResponse = (id, error) => ({
    jsonrpc: "2.0",
    id,
    error:
      error instanceof JSONRPCErrorException
        ? error.toObject()
        : { code: JSONRPCErrorCode.InternalError, message: "The box failed to do that; its log says why." },
  });
  const handlers = handlersFor(box, finger);
  for (const method of Object.keys(schemas) as Method[]) addMethod(server, handlers, method);
  return server;
}

function addMethod<M extends Method>(server: JSONRPCServer<Caller>, handlers: Handlers, method: M): void {
  const schema: v.GenericSchema<unknown, v.InferOutput<(typeof schemas)[M]>> = schemas[method];
  server.addMethod(method, (given: unknown, caller) => {
    const parsed = v.safeParse(schema, given ?? {});
    if (!parsed.success) throw invalid(sentence(parsed.issues[0], method));
    return handlers[method](parsed.output, caller);
  });
}

function invalid(message: string): JSONRPCErrorException {
  return new JSONRPCErrorException(message, JSONRPCErrorCode.InvalidParams);
}

function sentence(issue: v.BaseIssue<unknown>, method: Method): string {
  const name = v.getDotPath(issue);
  if (issue.type !== "strict_object") return `${name} must be ${issue.message}.`;
  if (name === null) return `The parameters of ${method} must be an object.`;
  return issue.expected === "never" ? `${method} has no parameter ${name}.` : `${method} needs ${name}.`;
}
