// A client of Jamulus' own JSON-RPC interface (protocol spec 9.5): newline-delimited JSON-RPC 2.0 over TCP.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { type Patience, patienceMs, until } from "./until.js";

export interface RpcNotification {
  readonly method: string;
  readonly params: Record<string, unknown>;
}

interface Answer {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

export class JamulusRpc {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #lastId = 0;
  /** Every notification since the start, oldest first. */
  readonly notifications: RpcNotification[] = [];

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("error", () => undefined);
    socket.on("close", () => {
      for (const settle of this.#waiting.values())
        settle({ error: { code: 0, message: "connection closed" } });
    });
    createInterface({ input: socket }).on("line", (line) => this.#take(JSON.parse(line) as Answer));
    socket.unref();
  }

  /** Connects, in as many tries as the program needs to open its port, and shows the secret. */
  static async open(port: number, secret: string, patience: Patience = {}): Promise<JamulusRpc> {
    const tryOnce = async () => {
      const attempt = connect(port, "127.0.0.1");
      await once(attempt, "connect");
      return attempt;
    };
    const socket = await until(`JSON-RPC on port ${port}`, tryOnce, patience);
    const rpc = new JamulusRpc(socket);
    await rpc.call("jamulus/apiAuth", { secret });
    return rpc;
  }

  /** The result as Jamulus gave it. An error answer, or no answer within 20 s, rejects. */
  async call(method: string, params: Record<string, unknown> = {}): Promise<unknown> {
    this.#lastId += 1;
    const id = this.#lastId;
    const answer = await new Promise<Answer>((resolve) => {
      const timer = setTimeout(() => resolve({ error: { code: 0, message: "no answer" } }), patienceMs);
      this.#waiting.set(id, (given) => {
        clearTimeout(timer);
        resolve(given);
      });
      this.#socket.write(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`);
    });
    this.#waiting.delete(id);
    if (answer.error) throw new Error(`${method}: ${answer.error.code} ${answer.error.message}`);
    return answer.result;
  }

  /** The first notification of this kind that matches, of those that came already or will come. */
  notification(
    method: string,
    matches: (params: Record<string, unknown>) => boolean = () => true,
  ): Promise<RpcNotification> {
    return until(`notification ${method}`, () =>
      this.notifications.find((each) => each.method === method && matches(each.params)),
    );
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(answer: Answer): void {
    if (answer.method !== undefined) {
      this.notifications.push({ method: answer.method, params: answer.params ?? {} });
    } else if (answer.id !== undefined) {
      this.#waiting.get(answer.id)?.(answer);
    }
  }
}
