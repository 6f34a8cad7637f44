// What plugjam.toml on the card can say beyond the product's own keys: the machine's network, and who may look after it.

import { isIP } from "node:net";
import * as v from "valibot";
import type { Document, Path } from "../../src/config/document.js";
import { whereIs } from "../../src/config/document.js";
import * as field from "../../src/config/field.js";
import type { Problem } from "../../src/config/problem.js";
import { type Config, fileSchema } from "../../src/config/schema.js";
import { knownKeys } from "../../src/config/unknown-key.js";
import { parseServerAddress } from "../../src/lib/server-address.js";
import { parsePublicWord } from "../update/update-key.js";
import { isPublicKey } from "./ssh-key.js";

const aTable = "a table";

function checked(allowed: string, isRight: (text: string) => boolean) {
  return v.pipe(v.string(allowed), v.check(isRight, allowed));
}

/** One, or a list; gives a list. */
function oneOrMore(item: v.GenericSchema<string, string>, allowed: string) {
  return v.pipe(
    v.union([item, v.array(item, allowed)], allowed),
    v.transform((given): readonly string[] => (typeof given === "string" ? [given] : given)),
  );
}

const room = v.pipe(
  v.union([field.text(40), v.number()], "text of at most 40 characters on one line, a number"),
  v.transform(String),
);

/** An address of this box with the length of its network's prefix. */
const ownAddress = () =>
  checked('"address/bits", such as "192.168.1.20/24"', (text) => {
    const [address = "", bits = "", ...more] = text.split("/");
    const most = isIP(address) === 4 ? 32 : 128;
    return isIP(address) !== 0 && more.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= most;
  });

const address = () => checked('an address, such as "192.168.1.1"', (text) => isIP(text) !== 0);

const hostOrAddress = () =>
  checked(
    'a name or an address, such as "ntp.school.lan"',
    (text) => isIP(text) !== 0 || /^(?=.{1,253}$)(?!-)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*\.?$/i.test(text),
  );

const wifiPassword = checked("8 to 63 letters, digits and signs without accents", (text) =>
  /^(?:[ -~]{8,63}|[0-9a-f]{64})$/i.test(text),
);

const network = v.object(
  {
    wifi_name: v.optional(field.nonEmpty(32, "the name of a Wi-Fi, of at most 32 bytes")),
    wifi_password: v.optional(wifiPassword),
    wifi_open: v.optional(field.switchable(), false),
    wifi_country: v.optional(checked('two letters, such as "DE"', (text) => /^[a-z]{2}$/i.test(text))),
    address: v.optional(ownAddress()),
    gateway: v.optional(address()),
    dns: v.optional(oneOrMore(address(), "an address, a list of addresses"), []),
    time_server: v.optional(hostOrAddress()),
  },
  aTable,
);

const sshKey = checked('the line of a .pub file, such as "ssh-ed25519 AAAA... name"', isPublicKey);
const ssh = v.object(
  { keys: v.optional(oneOrMore(sshKey, "the line of a .pub file, a list of such lines"), []) },
  aTable,
);

const updateKey = checked('"plugjam-key:..." as it was printed when it was made', (text) => {
  return parsePublicWord(text) !== null;
});
const url = checked('"https://..."', (text) => /^https?:\/\/[^\s"\\]+$/.test(text) && URL.canParse(text));
const update = v.object(
  {
    keys: v.optional(oneOrMore(updateKey, '"plugjam-key:...", a list of such keys'), []),
    url: v.optional(url),
  },
  aTable,
);

const wireguardKey = () =>
  checked("44 letters and digits as `wg` prints them", (text) => {
    const bytes = Buffer.from(text, "base64");
    return bytes.length === 32 && bytes.toString("base64") === text;
  });

const wireguard = v.object(
  {
    address: oneOrMore(ownAddress(), '"address/bits", a list of these'),
    private_key: v.optional(wireguardKey()),
    public_key: wireguardKey(),
    endpoint: checked(
      '"host:port", "[v6]:port"',
      (text) => (parseServerAddress(text)?.port ?? null) !== null,
    ),
    allowed_ips: oneOrMore(field.network(), '"address/bits", a list of these'),
    keepalive: v.optional(field.wholeNumber(0, 65535), 25),
  },
  "a table with address, public_key, endpoint and allowed_ips",
);

const imageEntries = {
  room: v.optional(room),
  network: v.optional(network, {}),
  ssh: v.optional(ssh, {}),
  update: v.optional(update, {}),
  wireguard: v.optional(wireguard),
};

export const imageSchema = v.object(imageEntries);
export type ImageSettings = v.InferOutput<typeof imageSchema>;

export const productKeys: readonly string[] = Object.keys(fileSchema.entries);
export const cardKeys = knownKeys({ ...fileSchema.entries, ...imageEntries });

/** Keys whose values nobody but the box may know: they are kept in it, and never shown. */
export const secretKeys: readonly Path[] = [
  ["network", "wifi_password"],
  ["wireguard", "private_key"],
];

export const isSecret = (path: Path): boolean =>
  secretKeys.some((secret) => secret.join(".") === path.join("."));

/** The only folder in which a box from the image may write, and which outlasts an update. */
const stateFolder = "/var/lib/plugjam";

/** What another machine could do, and a box from the image cannot. */
export function impossible({ hub }: Config, document: Document): Problem[] {
  if (hub.record_dir === "" || hub.record_dir === stateFolder || hub.record_dir.startsWith(`${stateFolder}/`))
    return [];
  const where = whereIs(document, ["hub", "record_dir"]) ?? "";
  return [
    { where, key: "hub.record_dir", what: "cannot be kept there", allowed: `"${stateFolder}/recordings"` },
  ];
}

/** What is right key by key and yet cannot work together. Whether a secret is known is not asked here. */
export function imageContradictions({ network, wireguard }: ImageSettings, document: Document): Problem[] {
  const problems: Problem[] = [];
  const at = (key: string, what: string, allowed: string, table = "network"): Problem => ({
    where: whereIs(document, [table, key]) ?? "",
    key: `${table}.${key}`,
    what,
    allowed,
  });
  if (wireguard?.allowed_ips.some((network) => network.endsWith("/0"))) {
    const allowed = 'the networks behind the tunnel, such as "10.8.0.0/24"';
    problems.push(at("allowed_ips", "cannot be the whole internet", allowed, "wireguard"));
  }
  for (const key of ["wifi_password", "wifi_country"] as const) {
    if (network[key] !== undefined && network.wifi_name === undefined)
      problems.push(at(key, "has no Wi-Fi it is for", "this with wifi_name"));
  }
  if (network.wifi_open && network.wifi_password !== undefined)
    problems.push(at("wifi_open", "cannot be true with wifi_password", "one of them"));
  if (network.gateway !== undefined && network.address === undefined)
    problems.push(at("gateway", "has no address of the box beside it", "this with address"));
  if (network.gateway !== undefined && network.address !== undefined) {
    const [own = ""] = network.address.split("/");
    if (isIP(own) !== isIP(network.gateway))
      problems.push(at("gateway", "is of another kind than address", "both IPv4, or both IPv6"));
  }
  return problems;
}
