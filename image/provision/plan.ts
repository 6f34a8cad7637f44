// What the card's files come to on this box: which files to write, which secrets to keep, or what is wrong.

import { whereIs } from "../../src/config/document.js";
import type { Problem } from "../../src/config/problem.js";
import { hostName } from "./host-name.js";
import { type Identity, shortId } from "./identity.js";
import { inboundRules, linkFile, tunnelDevice, tunnelLink, wifiFile } from "./network-files.js";
import { productFile } from "./product-file.js";
import {
  type Card,
  type CardFiles,
  documentOf,
  type Entry,
  entryFor,
  readCard,
  type Settings,
  settingsOf,
} from "./read-card.js";
import { type Secrets, withoutSecrets } from "./secrets.js";

export interface Output {
  readonly path: string;
  /** Null: there must be no such file. */
  readonly contents: string | null;
  readonly mode: number;
  /** Its group, where that is not root's. */
  readonly group?: string;
}

export interface Plan {
  readonly hostName: string;
  readonly outputs: readonly Output[];
  /** What is to be kept in the box. */
  readonly secrets: Secrets;
  /** What the card's files are to be once the secrets are kept. */
  readonly card: CardFiles;
}

export type PlanResult =
  | { readonly ok: true; readonly plan: Plan }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export interface Box {
  readonly identity: Identity;
  /** What it keeps already. */
  readonly secrets: Secrets;
  /** Null: the clock cannot be believed. */
  readonly today: string | null;
}

export function plan(files: CardFiles, box: Box): PlanResult {
  const card = readCard(files);
  if ("problems" in card) return { ok: false, problems: card.problems };
  const entry = entryFor(card.value, box.identity);
  if ("problems" in entry) return { ok: false, problems: entry.problems };
  const settings = settingsOf(card.value, entry.value);
  if ("problems" in settings) return { ok: false, problems: settings.problems };
  const secrets = secretsOf(settings.value, box.secrets);
  if ("problems" in secrets) return { ok: false, problems: secrets.problems };
  const name = nameOf(card.value, entry.value, box.identity);
  const remark = `moved into the box${box.today === null ? "" : ` on ${box.today}`}`;
  return {
    ok: true,
    plan: {
      hostName: name,
      outputs: outputsOf(settings.value, secrets.kept, name),
      secrets: secrets.kept,
      card: withoutSecrets(files, remark),
    },
  };
}

/** What the box keeps from now on: what is written, else what it has for the same purpose. */
function secretsOf(
  { image: { network, wireguard }, document }: Settings,
  before: Secrets,
): { readonly kept: Secrets } | { readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  let { wifi, wireguardKey } = before;
  const { wifi_name: name, wifi_password: password, wifi_open: open } = network;
  if (name !== undefined && password !== undefined) wifi = { name, password };
  else if (name !== undefined && !open && wifi?.name !== name) {
    problems.push({
      where: whereIs(document, ["network", "wifi_name"]) ?? "",
      key: "network.wifi_password",
      what: "is missing, and the box has none for this Wi-Fi",
      allowed: "its password, or wifi_open = true",
    });
  }
  if (wireguard?.private_key !== undefined) wireguardKey = wireguard.private_key;
  else if (wireguard !== undefined && wireguardKey === null) {
    problems.push({
      where: whereIs(document, ["wireguard"]) ?? "",
      key: "wireguard.private_key",
      what: "is missing, and the box has none",
      allowed: "this box's own key, as `wg genkey` prints it",
    });
  }
  return problems.length > 0 ? { problems } : { kept: { wifi, wireguardKey } };
}

/** Boxes of one room get the ends of their serial numbers behind its name. */
export function nameOf(card: Card, entry: Entry | null, identity: Identity): string {
  const room = (values: Readonly<Record<string, unknown>>): string | null => {
    const profile = values.profile as { name?: unknown } | undefined;
    const written = values.room ?? profile?.name;
    return typeof written === "string" || typeof written === "number" ? String(written) : null;
  };
  const named = (one: Entry | null) =>
    hostName(room((one === null ? card.common : documentOf(card, one)).values), null);
  const ending = shortId(identity);
  const name = named(entry);
  if (name === "plugjam") return hostName(null, ending);
  const isShared = card.entries.some((other) => other !== entry && named(other) === name);
  const own = entry?.id.slice(-4) ?? ending;
  return isShared && own !== null ? `${name}-${own}` : name;
}

function outputsOf({ document, product, image }: Settings, secrets: Secrets, name: string): Output[] {
  const { wireguard, network, ssh, update } = image;
  const file = (path: string, contents: string | null, mode = 0o644, group?: string): Output => ({
    path,
    contents,
    mode,
    ...(group !== undefined && { group }),
  });
  const listed = (all: readonly string[]) => (all.length === 0 ? null : `${all.join("\n")}\n`);
  const networkd = (unit: string) => `etc/systemd/network/${unit}`;
  const key = secrets.wireguardKey;
  return [
    file("etc/plugjam/plugjam.toml", productFile(document.values)),
    file("etc/hostname", `${name}\n`),
    file("etc/hosts", `127.0.0.1 localhost\n127.0.1.1 ${name}\n::1 localhost ip6-localhost ip6-loopback\n`),
    file(networkd("40-plugjam-wired.network"), linkFile(network, "wired")),
    file(networkd("40-plugjam-wifi.network"), linkFile(network, "wifi")),
    file("etc/wpa_supplicant/plugjam.conf", wifiFile(network, secrets), 0o600),
    file(
      networkd("40-plugjam-tunnel.netdev"),
      wireguard && key !== null ? tunnelDevice(wireguard, key) : null,
      0o640,
      "systemd-network",
    ),
    file(networkd("40-plugjam-tunnel.network"), wireguard ? tunnelLink(wireguard) : null),
    file("etc/nftables.d/plugjam.nft", inboundRules(product, image)),
    file("etc/ssh/authorized_keys/root", listed(ssh.keys)),
    // The updater reads these.
    file("data/provision/update-keys", listed(update.keys)),
    file("data/provision/update-url", update.url === undefined ? null : `${update.url}\n`),
  ];
}
