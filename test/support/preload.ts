// Code that a box's Node runs before the box: for what only the outermost edge of a process can do to it.

/** As part of its environment. The script is a module. */
export function preload(script: string): { readonly NODE_OPTIONS: string } {
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(script)}` };
}
