// The machine's network as systemd-networkd, wpa_supplicant and nftables read it. Each file is a function of the settings.

import { pbkdf2Sync } from "node:crypto";
import type { Config } from "../../src/config/schema.js";
import { isThisMachine, parseServerAddress } from "../../src/lib/server-address.js";
import type { ImageSettings } from "./card-schema.js";
import type { Secrets } from "./secrets.js";

type Network = ImageSettings["network"];
type WireGuard = NonNullable<ImageSettings["wireguard"]>;

const lines = (...all: readonly (string | null)[]): string =>
  `${all.filter((line) => line !== null).join("\n")}\n`;

/** Names of network cards, as the image's own 50-plugjam.network has them. */
const wired = "en* eth*";
const wireless = "wl*";

/** A fixed address is for the Wi-Fi where there is one. Null: the image's own file, with DHCP, does. */
export function linkFile(network: Network, kind: "wired" | "wifi"): string | null {
  const isFixed = network.address !== undefined && (network.wifi_name === undefined) === (kind === "wired");
  const hasOwnTime = network.time_server !== undefined;
  if (!isFixed && !hasOwnTime && network.dns.length === 0) return null;
  return lines(
    "[Match]",
    `Name=${kind === "wired" ? wired : wireless}`,
    "",
    "[Network]",
    `DHCP=${isFixed ? "no" : "yes"}`,
    isFixed ? `Address=${network.address}` : null,
    isFixed && network.gateway !== undefined ? `Gateway=${network.gateway}` : null,
    ...network.dns.map((address) => `DNS=${address}`),
    hasOwnTime ? `NTP=${network.time_server}` : null,
    "MulticastDNS=yes",
    ...["DHCPv4", "DHCPv6", "IPv6AcceptRA"].flatMap((section) => {
      const own = [
        network.dns.length > 0 ? "UseDNS=no" : null,
        hasOwnTime && section !== "IPv6AcceptRA" ? "UseNTP=no" : null,
      ].filter((line) => line !== null);
      return own.length === 0 ? [] : ["", `[${section}]`, ...own];
    }),
    "",
    "[Link]",
    "RequiredForOnline=no",
  );
}

/** Null: there is no Wi-Fi to join. */
export function wifiFile(
  { wifi_name: name, wifi_open, wifi_country }: Network,
  { wifi }: Secrets,
): string | null {
  if (name === undefined) return null;
  const secured = [
    ...keyLines(name, wifi?.password ?? ""),
    "\tkey_mgmt=WPA-PSK WPA-PSK-SHA256 SAE",
    "\tieee80211w=1",
  ];
  return lines(
    wifi_country === undefined ? null : `country=${wifi_country.toUpperCase()}`,
    "network={",
    `\tssid=${Buffer.from(name).toString("hex")}`,
    "\tscan_ssid=1",
    ...(wifi_open ? ["\tkey_mgmt=NONE"] : secured),
    "}",
  );
}

/** All in hexadecimal: what wpa_supplicant does with quotation marks and # in a password is no rule to build on. */
function keyLines(name: string, password: string): string[] {
  // 64 digits are the key itself.
  if (/^[0-9a-f]{64}$/i.test(password)) return [`\tpsk=${password}`];
  const key = pbkdf2Sync(password, name, 4096, 32, "sha1");
  return [`\tpsk=${key.toString("hex")}`, `\tsae_password=${Buffer.from(password).toString("hex")}`];
}

export function tunnelDevice(
  { public_key, endpoint, allowed_ips, keepalive }: WireGuard,
  key: string,
): string {
  return lines(
    "[NetDev]",
    "Name=wg0",
    "Kind=wireguard",
    "",
    "[WireGuard]",
    `PrivateKey=${key}`,
    "",
    "[WireGuardPeer]",
    `PublicKey=${public_key}`,
    `Endpoint=${endpoint}`,
    `AllowedIPs=${allowed_ips.join(",")}`,
    "RouteTable=main",
    `PersistentKeepalive=${keepalive === 0 ? "off" : keepalive}`,
  );
}

export function tunnelLink({ address }: WireGuard): string {
  return lines(
    "[Match]",
    "Name=wg0",
    "",
    "[Network]",
    ...address.map((own) => `Address=${own}`),
    "",
    "[Link]",
    "RequiredForOnline=no",
  );
}

/** What may come in unasked, beyond what the image's own rules let in. */
export function inboundRules(product: Config, image: ImageSettings): string {
  const rules: string[] = [];
  const allow = (protocol: "tcp" | "udp", port: number, what: string) =>
    rules.push(`add rule inet plugjam configured ${protocol} dport ${port} accept comment "${what}"`);
  const hub = outerPort(product.hub.listen);
  if (product.role !== "box" && hub !== null) allow("udp", hub, "hub");
  const web = product.web.listen === "off" ? null : outerPort(product.web.listen);
  if (web !== null) allow("tcp", web, "web");
  if (image.ssh.keys.length > 0) allow("tcp", 22, "ssh");
  return lines("# Written anew at each boot, from plugjam.toml on the card.", ...rules);
}

/** Null: others cannot reach it anyway. */
function outerPort(listen: string): number | null {
  const address = parseServerAddress(listen);
  return address === null || isThisMachine(address.host) ? null : address.port;
}
