// Reads the nested lists that KiCad's files are made of.

/** An atom, quoted or not, or a list. */
export type Expression = string | readonly Expression[];

/** The one list of a file. Throws where brackets do not match. */
export function parseExpression(source: string): readonly Expression[] {
  const tokens = source.matchAll(/\(|\)|"((?:[^"\\]|\\.)*)"|[^\s()"]+/g);
  const open: Expression[][] = [[]];
  for (const [token, quoted] of tokens) {
    if (token === "(") open.push([]);
    else if (token === ")") {
      const list = open.pop();
      const outer = open.at(-1);
      if (list === undefined || outer === undefined)
        throw new SyntaxError("a bracket closes that never opened");
      outer.push(list);
    } else open.at(-1)?.push(quoted?.replace(/\\(.)/g, "$1") ?? token);
  }
  const [file] = open[0] ?? [];
  if (open.length !== 1 || !Array.isArray(file)) throw new SyntaxError("a bracket opens that never closes");
  return file;
}

/** The lists inside a list that begin with the word. */
export function all(list: readonly Expression[], word: string): (readonly Expression[])[] {
  return list.filter((item): item is readonly Expression[] => Array.isArray(item) && item[0] === word);
}

/** The first of them. Throws where there is none. */
export function only(list: readonly Expression[], word: string): readonly Expression[] {
  const [found] = all(list, word);
  if (found === undefined) throw new SyntaxError(`(${String(list[0])}) has no (${word})`);
  return found;
}

/** The atom behind a list's word, or the one at another place. */
export function atom(list: readonly Expression[], at = 1): string {
  const item = list[at];
  if (typeof item !== "string") throw new SyntaxError(`(${String(list[0])}) has no value at ${at}`);
  return item;
}

/** The numbers of a list, such as (at 1.5 2 90). */
export function numbers(list: readonly Expression[]): number[] {
  return list.slice(1).map(Number);
}

/** The value of (property "name" "value"), if there is one. */
export function property(list: readonly Expression[], name: string): string | undefined {
  const found = all(list, "property").find((item) => item[1] === name);
  return found && atom(found, 2);
}
