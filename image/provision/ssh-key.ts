// Whether a line is a public key as ssh-keygen writes it into a .pub file.

const kinds = [
  "ssh-ed25519",
  "ssh-rsa",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "sk-ssh-ed25519@openssh.com",
  "sk-ecdsa-sha2-nistp256@openssh.com",
];

/** The key's kind stands in front of it and again inside, after its length. */
export function isPublicKey(line: string): boolean {
  const match = /^(\S+) ([A-Za-z0-9+/]+={0,2})(?: [^\p{Cc}]*)?$/u.exec(line);
  const [, kind = "", base64 = ""] = match ?? [];
  if (!kinds.includes(kind)) return false;
  const bytes = Buffer.from(base64, "base64");
  const head = Buffer.alloc(4);
  head.writeUInt32BE(kind.length);
  return (
    bytes.length > kind.length + 32 &&
    bytes.subarray(0, 4 + kind.length).equals(Buffer.concat([head, Buffer.from(kind)]))
  );
}
