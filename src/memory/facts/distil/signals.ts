/** Named patterns, each of which a sentence has or has not. */
export type SignalTable = Readonly<Record<string, RegExp>>;

/** As the patterns want it: lower case, plain apostrophes. */
export function plainText(text: string): string {
  return text.toLowerCase().replaceAll('’', "'");
}

/** Names in the middle of a sentence of a script with capitals. */
const INNER_NAME = /(?<=[\p{L}\p{N},;:'"“(—-] ?)(?<![.!?…] )\b\p{Lu}[\p{Ll}\p{M}'’]+/gu;
const NO_NAME =
  /^(?:I|I'm|I'll|I've|I'd|Mr|Mrs|Ms|Dr|God|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March|April|May|June|July|August|September|October|November|December|Christmas|Easter|English|Oh|Yes|No|And|But|So)$/;

/** Proper names written with a capital, the sentence's first word left out. */
export function innerNames(text: string): string[] {
  return [...text.matchAll(INNER_NAME)].map(([name]) => name).filter((name) => !NO_NAME.test(name));
}

/** The names of the signals that a sentence shows. */
export function signalsOf(text: string, table: SignalTable): string[] {
  const plain = plainText(text);
  return Object.keys(table).filter((name) => table[name]?.test(plain));
}
