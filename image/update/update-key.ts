// The school's keys: Ed25519. The public half is one word for plugjam.toml, the private half a PEM file that stays at school.

import { createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from "node:crypto";

const prefix = "plugjam-key:";
const rawBytes = 32;
/** What DER puts before the 32 bytes of an Ed25519 public key (RFC 8410). */
const derHead = Buffer.from("302a300506032b6570032100", "hex");

export const signatureBytes = 64;

export function newKey(): { readonly privatePem: string; readonly publicWord: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const privatePem = privateKey.export({ format: "pem", type: "pkcs8" }) as string;
  return { privatePem, publicWord: publicWord(publicKey) };
}

/** Of a public key, or of the public half of a private one. */
export function publicWord(key: KeyObject): string {
  const half = key.type === "private" ? createPublicKey(key) : key;
  return prefix + half.export({ format: "der", type: "spki" }).subarray(-rawBytes).toString("base64");
}

/** Null: this is no such word. */
export function parsePublicWord(word: string): KeyObject | null {
  if (!word.startsWith(prefix)) return null;
  const raw = Buffer.from(word.slice(prefix.length), "base64");
  if (raw.length !== rawBytes || raw.toString("base64") !== word.slice(prefix.length)) return null;
  return createPublicKey({ key: Buffer.concat([derHead, raw]), format: "der", type: "spki" });
}

/** One word a line; lines that begin with # say nothing. What is no key counts for nothing. */
export function parseKeys(text: string): KeyObject[] {
  const words = text.split("\n").map((line) => line.trim());
  return words.flatMap((word) => parsePublicWord(word) ?? []);
}

export function signBytes(bytes: Uint8Array, privateKey: KeyObject): Uint8Array {
  return sign(null, bytes, privateKey);
}

export function isSignedBy(keys: readonly KeyObject[], bytes: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== signatureBytes) return false;
  return keys.some((key) => verify(null, bytes, key, signature));
}
