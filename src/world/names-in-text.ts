const UNSPACED = /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}/u;
const WORD = /[\p{L}\p{N}]/u;

/** Names of a list that stand in a text, whatever their case; where letters are spaced, as whole words. */
export function namesInText(text: string, names: readonly string[]): string[] {
  const folded = text.toLocaleLowerCase();
  return names.filter((name) => {
    const wanted = name.trim().toLocaleLowerCase();
    if (wanted.length < 2) return false;
    if (UNSPACED.test(wanted)) return folded.includes(wanted);
    for (let at = folded.indexOf(wanted); at !== -1; at = folded.indexOf(wanted, at + 1)) {
      if (!WORD.test(folded[at - 1] ?? ' ') && !WORD.test(folded[at + wanted.length] ?? ' ')) return true;
    }
    return false;
  });
}
