/**
 * Words after which a sentence goes on, whatever its melody says. Left out are those that end short answers and orders
 * ("yes I am", "come in", "我要这个", "好的").
 */
const english = new Set(
  (
    'a an the and or but nor because if unless although while whereas whether than as every ' +
    'to for about at with from into my your our their i we they he she um uh er erm very especially'
  ).split(' '),
);
const chinese =
  /(因为|所以|但是|可是|不过|然后|而且|如果|要是|虽然|或者|还有|就是|比如|比如说|那个|和|跟|把|被|呃|额|嗯)$/u;
/** Alone it is an answer, not a beginning. */
const chineseAnswers = /^(嗯|然后|就是|所以|那个|呃)+$/u;

/** Ears write one where the voice stays up. */
const openMark = /[,，、;；:：—–-]\s*$/u;

/** True where the last word or mark says that more will come: the speaker searches for words. English and Chinese. */
export function endsUnfinished(text: string): boolean {
  if (/[?？]\s*$/u.test(text)) return false;
  if (openMark.test(text)) return true;
  const words = text.replaceAll(/[^\p{L}\p{N}'’]+/gu, ' ').trim();
  if (chinese.test(words)) return !chineseAnswers.test(words.replaceAll(' ', ''));
  const last = words.split(' ').at(-1)?.toLowerCase() ?? '';
  return words.includes(' ') && english.has(last);
}
