import { useEffect, useState } from 'react';
import { api } from '../../state/api.ts';
import type { EditorValues } from './editor-values.ts';

/** Milliseconds of quiet before a changed text is counted. */
const COUNT_AFTER = 500;
/** Counts that are remembered; texts change letter by letter. */
const REMEMBERED = 200;

export interface TokenCounts {
  /** Null while it is not counted yet. */
  of: (text: string) => number | null;
  /** What every turn sends of this character, in tokens. */
  total: number;
  contextLength: number | null;
  model: string | null;
  exact: boolean;
}

/** Tokens of the form's texts for the model in use, counted by the server when the typing pauses. */
export function useTokenCounts(values: EditorValues): TokenCounts {
  const [known, setKnown] = useState<ReadonlyMap<string, number>>(new Map());
  const [facts, setFacts] = useState<Pick<TokenCounts, 'contextLength' | 'model' | 'exact'>>({
    contextLength: null,
    model: null,
    exact: true,
  });
  const sent = sentTexts(values);
  const others = [...values.alternateGreetings, ...values.groupGreetings];
  const missing = [...new Set([...sent, ...others])].filter((text) => text !== '' && !known.has(text));
  const question = JSON.stringify(missing);
  useEffect(() => {
    const list = JSON.parse(question) as string[];
    if (list.length === 0) return undefined;
    const stop = new AbortController();
    const count = async () => {
      const texts = Object.fromEntries(list.slice(0, 300).map((text, index) => [String(index), text]));
      const counted = await api.call('countTokens', { body: { texts }, signal: stop.signal });
      const fresh = list.map((text, index) => [text, counted.counts[String(index)] ?? 0] as const);
      setFacts(counted);
      setKnown((before) => new Map([...before, ...fresh].slice(-REMEMBERED)));
    };
    // A count that could not be had is not shown; the next change asks again.
    const timer = setTimeout(() => void count().catch(() => undefined), COUNT_AFTER);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [question]);
  return {
    of: (text) => (text === '' ? 0 : (known.get(text) ?? null)),
    total: sent.reduce((sum, text) => sum + (known.get(text) ?? 0), 0),
    ...facts,
  };
}

/** What a model reads of a character before anybody speaks. */
function sentTexts(values: EditorValues): string[] {
  const { description, personality, scenario, greeting, exampleDialogue, systemPrompt, postHistoryInstructions } =
    values;
  const depth = values.depthPrompt?.text ?? '';
  return [description, personality, scenario, greeting, exampleDialogue, systemPrompt, postHistoryInstructions, depth];
}
