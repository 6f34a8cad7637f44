// The checksum that tells a message from audio: CRC-16/GENIBUS, by table.

const table = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
  return crc & 0xffff;
});

/** CRC-16/GENIBUS over `bytes`, 0..0xffff (spec 1.1). The check value of ASCII "123456789" is 0xd64e. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) crc = ((crc << 8) & 0xffff) ^ table[(crc >> 8) ^ byte]!;
  return crc ^ 0xffff;
}
