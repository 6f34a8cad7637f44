// The processors that there is a package for, by Debian's names, and how programs are compiled for each.

export interface Processor {
  /** Debian's name. */
  readonly debian: "arm64" | "amd64";
  /** Node's name. */
  readonly node: "arm64" | "x64";
  /** What the names of compiler and linker begin with. */
  readonly triplet: string;
  readonly flags: readonly string[];
}

/** Every Pi from the 3 on runs what is compiled for it; tuned for the slowest, that of the Pi 3 and the Zero 2 W. NEON is part of it. */
const arm64: Processor = {
  debian: "arm64",
  node: "arm64",
  triplet: "aarch64-linux-gnu",
  flags: ["-mtune=cortex-a53"],
};

const amd64: Processor = { debian: "amd64", node: "x64", triplet: "x86_64-linux-gnu", flags: [] };

export const processors: readonly Processor[] = [arm64, amd64];
