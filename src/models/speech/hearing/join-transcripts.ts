const unspaced = String.raw`[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uffef]`;
/** Between these no space is written. */
const beginsUnspaced = new RegExp(`^${unspaced}`, 'u');
const endsUnspaced = new RegExp(`${unspaced}$`, 'u');

/** The texts of pieces that followed each other, as one: with a space between words, without one in Chinese. */
export function joinTranscripts(texts: readonly string[]): string {
  return texts
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .reduce((whole, text) => {
      const isJoined = whole === '' || endsUnspaced.test(whole) || beginsUnspaced.test(text);
      return isJoined ? whole + text : `${whole} ${text}`;
    }, '');
}
