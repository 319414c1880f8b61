import { UnavailableError } from '../../base/errors.ts';
import { unitVector } from '../embedding/unit-vector.ts';
import type { EmbeddingHandle } from '../spec/embedding-handle.ts';
import type { EmbeddingScript } from './embedding-script.ts';
import { realWait, type Wait } from './scripted-wait.ts';

/**
 * Vectors out of words: each word (of Chinese, Japanese and Korean each character and each pair) is hashed to a place
 * of the vector, after synonyms were made one word. Texts that share words are near, all others at right angles.
 */
export function createScriptedEmbedding(script: EmbeddingScript, { wait = realWait }: { wait?: Wait } = {}) {
  const spent = new Map<EmbeddingScript['failures'][number], number>();
  const canonical = synonymRules(script.synonyms);
  const handle: EmbeddingHandle = {
    ref: `scripted:${script.name}`,
    label: `Scripted embeddings (${script.name})`,
    place: 'scripted',
    dimensions: script.dimensions,
    maxTokens: script.maxTokens,
    languages: script.languages,
    embed: async (texts, { signal }) => {
      signal.throwIfAborted();
      const failure = script.failures.find(
        (rule) =>
          (spent.get(rule) ?? 0) < (rule.times ?? Infinity) && texts.some((text) => text.includes(rule.contains)),
      );
      if (failure) {
        spent.set(failure, (spent.get(failure) ?? 0) + 1);
        const { code, message, retryable } = failure;
        throw new UnavailableError(message, { code, retryable });
      }
      await wait(script.delayInMs * texts.length, signal);
      return texts.map((text) => embedWords(canonical(text), script));
    },
  };
  return handle;
}

function embedWords(text: string, { dimensions, maxTokens }: EmbeddingScript): Float32Array {
  const values = new Float32Array(dimensions);
  for (const word of wordsOf(text).slice(0, maxTokens)) {
    const place = hash(word) % dimensions;
    values[place] = (values[place] ?? 0) + 1;
  }
  return unitVector(values);
}

const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

function wordsOf(text: string): string[] {
  const runs = text.match(/[\p{L}\p{N}]+/gu) ?? [];
  return runs.flatMap((run) => {
    if (!CJK.test(run)) return [run];
    const characters = Array.from(run);
    return [...characters, ...characters.slice(1).map((character, index) => `${characters[index]}${character}`)];
  });
}

/** Puts a name of its own in the place of every word of a group. Longer ones are looked for first. */
function synonymRules(groups: EmbeddingScript['synonyms']): (text: string) => string {
  const rules = groups
    .flatMap((group, index) => group.map((word) => ({ word: fold(word), name: ` synonym${index} ` })))
    .toSorted((one, other) => other.word.length - one.word.length)
    .map(({ word, name }) => ({ pattern: wholeWord(word), name }));
  return (text) => rules.reduce((folded, { pattern, name }) => folded.replaceAll(pattern, name), fold(text));
}

function wholeWord(word: string): RegExp {
  const escaped = word.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return new RegExp(CJK.test(word) ? escaped : `(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'gu');
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** FNV-1a, 32 bit (http://www.isthe.com/chongo/tech/comp/fnv). */
function hash(word: string): number {
  let value = 0x811c9dc5;
  for (const byte of Buffer.from(word)) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  return value;
}
