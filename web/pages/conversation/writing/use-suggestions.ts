import { useEffect, useRef, useState } from 'react';
import { fillPath } from '../../../../client/create-client.ts';
import { API_ADDRESSES } from '../../../../client/api-routes.ts';
import { streamParts } from '../../../../client/stream-parts.ts';
import { suggestionPartSchema } from '../../../../contract/writing-help.ts';
import { api } from '../../../state/api.ts';
import { useErrorText } from '../../../state/use-error-text.ts';

/** `thinking` → `shown`, or `failed` with the reason; each can begin again. */
export interface Suggestions {
  state: 'idle' | 'thinking' | 'shown' | 'failed';
  words: readonly string[];
  problem: string;
  start: () => Promise<void>;
  close: () => void;
}

const IDLE = { state: 'idle', words: [], problem: '' } as const;
type Known = Pick<Suggestions, 'state' | 'words' | 'problem'>;

/** Three short things that the person could say next; nothing of it is kept. */
export function useSuggestions(conversationId: string): Suggestions {
  const errorText = useErrorText();
  const [known, setKnown] = useState<Known>(IDLE);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  async function start(): Promise<void> {
    running.current?.abort();
    const stop = new AbortController();
    running.current = stop;
    setKnown({ ...IDLE, state: 'thinking' });
    const path = fillPath(API_ADDRESSES.suggestions, { id: conversationId });
    const { signal } = stop;
    const words: string[] = [];
    let problem: string | null = null;
    try {
      for await (const part of streamParts({ client: api, path, body: {}, part: suggestionPartSchema, signal })) {
        if (part.type === 'suggestion') words.push(part.text);
        else problem = part.failure?.message ?? null;
      }
    } catch (error) {
      problem = errorText(error);
    }
    if (running.current !== stop) return;
    running.current = null;
    if (problem !== null) setKnown({ state: 'failed', words: [], problem });
    else setKnown(words.length === 0 ? IDLE : { state: 'shown', words, problem: '' });
  }

  return {
    ...known,
    start,
    close: () => {
      running.current?.abort();
      running.current = null;
      setKnown(IDLE);
    },
  };
}
