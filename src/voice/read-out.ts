import { ClauseSplitter, type SpokenClause } from './clauses/clause-splitter.ts';
import { speakClause, type ClauseToSpeak } from './speak-clause.ts';
import { SPEAKING_SAMPLE_RATE } from './voice-ports.ts';

/** Voices come without silence around them; a reader breathes between clauses, milliseconds. */
const BREATH_IN_MS = 180;

/** What of a text is said, a breath at a time. `read`: what stands between asterisks too. */
export function clausesToRead(text: string, narration: 'skip' | 'read'): SpokenClause[] {
  const splitter = new ClauseSplitter({ narration });
  return [...splitter.push(text), ...splitter.end()].filter(({ spoken }) => spoken.trim() !== '');
}

/** Mono 24 kHz PCM16 of clauses one after another, with a breath between them, as it is made. */
export async function* readOut(
  clauses: Iterable<ClauseToSpeak> | AsyncIterable<ClauseToSpeak>,
): AsyncGenerator<Int16Array> {
  let isFirst = true;
  for await (const clause of clauses) {
    if (!isFirst) yield new Int16Array((SPEAKING_SAMPLE_RATE * BREATH_IN_MS) / 1000);
    isFirst = false;
    yield* speakClause(clause);
  }
}

/** A stream whose first piece is there, so that what fails before it fails as an answer; null where it has none. */
export async function begun<T>(pieces: AsyncGenerator<T>): Promise<AsyncGenerator<T> | null> {
  const first = await pieces.next();
  if (first.done) return null;
  return (async function* () {
    try {
      yield first.value;
      yield* pieces;
    } finally {
      await pieces.return(undefined);
    }
  })();
}
