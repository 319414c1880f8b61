import { useEffect, useRef, useState } from 'react';
import type { LorebookBody, TestedLore, TestLore } from '../../../contract/lore.ts';
import { isAbortError } from '../../../client/api-error.ts';
import { api } from '../../state/api.ts';
import { currentLocale } from '../../state/i18n.ts';

/** `stored`: the server has the book and every change of it soon after. `carried`: it must be sent along. */
export type TestSource = { kind: 'stored'; bookId: string } | { kind: 'carried' };

/** Ms after the last letter or change. */
const PAUSE = 250;

export interface LoreTestState {
  result: TestedLore | null;
  /** Of the messages that `result` is about. */
  messages: TestLore['messages'];
  running: boolean;
  error: unknown;
}

export interface LoreTestQuestion {
  source: TestSource;
  /** The book as the server has it (`stored`) or as it stands on the page; tried again when it changes. */
  body: LorebookBody;
  messages: TestLore['messages'];
  characterId: string | undefined;
  seed: number;
}

const NOTHING: LoreTestState = { result: null, messages: [], running: false, error: null };

/** Tries the book on the messages whenever either changes; the last result stays until the next is there. */
export function useLoreTest({ source, body, messages, characterId, seed }: LoreTestQuestion): LoreTestState {
  const [state, setState] = useState<LoreTestState>(NOTHING);
  const bookId = source.kind === 'stored' ? source.bookId : undefined;
  const asked = useRef(0);
  const words = JSON.stringify(messages);
  useEffect(() => {
    const said = JSON.parse(words) as TestLore['messages'];
    asked.current += 1;
    const number = asked.current;
    if (said.length === 0) {
      setState(NOTHING);
      return undefined;
    }
    const controller = new AbortController();
    const run = async () => {
      setState((before) => ({ ...before, running: true }));
      try {
        const result = await api.call('testLore', {
          body: {
            ...(bookId === undefined ? { body } : { bookId }),
            ...(characterId === undefined ? {} : { characterId }),
            messages: said,
            seed,
          },
          query: { locale: currentLocale() },
          signal: controller.signal,
        });
        if (asked.current === number) setState({ result, messages: said, running: false, error: null });
      } catch (error) {
        if (asked.current === number && !isAbortError(error)) {
          setState((before) => ({ ...before, running: false, error }));
        }
      }
    };
    const timer = setTimeout(() => void run(), PAUSE);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [bookId, body, words, characterId, seed]);
  return state;
}
