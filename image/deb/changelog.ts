// The package's changelog in Debian's form; what is new for people is in CHANGELOG.md.

import { maintainer } from "./control-files.js";

export function changelog(version: string, epoch: number): string {
  const date = new Date(epoch * 1000).toUTCString().replace("GMT", "+0000");
  return `plugjam (${version}) trixie; urgency=medium

  * Release ${version}: what is new stands in CHANGELOG.md.

 -- ${maintainer}  ${date}
`;
}
