// What cards hold: the image's own example with every key of it counting, a Wi-Fi, a tunnel, and keys that are some.

import { readFileSync } from "node:fs";
import { newKey } from "../../image/update/update-key.js";

export const wireguardKey = "tjg9nfexDQgm6pyv5O+QfNkAynIBXto2lehvixDPgR4=";
export const peerKey = "sKRr0KdsUrnSU3anCPsyVpoab1ipnDrBfoZkUU+0hTk=";
export const sshKey =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJQxwTHbRk0kSWRDnbHQs0xvLbTlUPgwGXJsXdM2KC8o teacher@school";
export const updateKey = newKey().publicWord;

export const example = readFileSync("image/provision/plugjam.toml", "utf8");

export const wholeExample = example
  .replace(/^#(?=\w+(?:\.\w+)? = |\[)/gm, "")
  .replace("ssh-ed25519 AAAA... me@school", sshKey)
  .replace('"plugjam-key:..."', JSON.stringify(updateKey))
  .replace("this box's own key, from: wg genkey", wireguardKey)
  .replace("the server's public key", peerKey);

export const network = (name: string, password: string) => `[network]
wifi_name = "${name}"
wifi_password = "${password}" # ask the office
wifi_country = "DE"
`;

export const tunnel = `[wireguard]
address = "10.8.0.2/24"
private_key = '''
${wireguardKey}'''
public_key = "${peerKey}"
endpoint = "vpn.lan:51820"
allowed_ips = ["10.8.0.0/24"]
`;
