// A hub as a process of its own, as `plugjam run` starts it, and a test's hands on it.

import type { HubClientStatus, HubStatus } from "../../src/hub/hub-status.js";
import { TestBox } from "./box.js";
import { freeUdpPort } from "./free-port.js";

export interface TestHubOptions {
  readonly port?: number;
  readonly name?: string;
  readonly sets?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

export class TestHub {
  private constructor(
    readonly box: TestBox,
    /** UDP, on IPv4 loopback. */
    readonly port: number,
  ) {}

  /** Up when this resolves. */
  static async start({ port, name = "School", ...rest }: TestHubOptions = {}): Promise<TestHub> {
    const at = port ?? (await freeUdpPort());
    const config = `
role = "hub"
[profile]
name = "${name}"
[hub]
listen = "127.0.0.1:${at}"
`;
    const hub = new TestHub(await TestBox.start({ config, ...rest }), at);
    await hub.reaches("up", ({ state }) => state === "up");
    return hub;
  }

  async status(): Promise<HubStatus> {
    return hubOf(await this.box.status());
  }

  async reaches(what: string, wished: (hub: HubStatus) => boolean, deadlineMs?: number): Promise<HubStatus> {
    return hubOf(await this.box.reaches(what, (status) => wished(hubOf(status)), deadlineMs));
  }

  /** Exactly these, in any order. */
  async serves(...names: readonly string[]): Promise<readonly HubClientStatus[]> {
    const wanted = JSON.stringify([...names].sort());
    const { clients } = await this.reaches(
      `serving ${wanted}`,
      (hub) => JSON.stringify(hub.clients.map(({ name }) => name).sort()) === wanted,
    );
    return clients;
  }
}

export function hubOf({ hub }: { readonly hub: object | null }): HubStatus {
  return hub as HubStatus;
}
