import { useEffect, useRef, useState } from 'react';
import { fillPath } from '../../../../client/create-client.ts';
import { API_ADDRESSES } from '../../../../client/api-routes.ts';
import { streamParts } from '../../../../client/stream-parts.ts';
import { impersonationPartSchema } from '../../../../contract/writing-help.ts';
import { api } from '../../../state/api.ts';
import { useErrorText } from '../../../state/use-error-text.ts';

/** Letters of what was begun that the model is told at most; the house refuses longer ones. */
const MOST_DRAFT = 4000;

/** `writing` → `written`, or `failed` with the reason; each can begin again. */
export interface Impersonation {
  state: 'idle' | 'writing' | 'written' | 'failed';
  problem: string;
  /** What is in the box is where it begins, or `wish`: what should be said. */
  start: (wish?: string) => Promise<void>;
  /** What was written so far stays. */
  stop: () => void;
  /** Brings back what was in the box before. */
  undo: () => void;
  /** The person took over: nothing can be undone any more. */
  settle: () => void;
}

export interface ImpersonationOptions {
  conversationId: string;
  text: string;
  setText: (text: string) => void;
}

const IDLE = { state: 'idle', problem: '', before: '' } as const;
type Known = Pick<Impersonation, 'state' | 'problem'> & { before: string };

/** Lets the model write the person's next message into the box, word by word. */
export function useImpersonation({ conversationId, text, setText }: ImpersonationOptions): Impersonation {
  const errorText = useErrorText();
  const [known, setKnown] = useState<Known>(IDLE);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  async function start(wish?: string): Promise<void> {
    running.current?.abort();
    const stop = new AbortController();
    running.current = stop;
    // A second attempt begins where the first did.
    const before = wish ?? (known.state === 'idle' ? text : known.before);
    const draft = before.slice(0, MOST_DRAFT);
    setKnown({ state: 'writing', problem: '', before });
    const path = fillPath(API_ADDRESSES.impersonation, { id: conversationId });
    const { signal } = stop;
    let written = '';
    let problem: string | null = null;
    try {
      for await (const part of streamParts({
        client: api,
        path,
        body: { draft },
        part: impersonationPartSchema,
        signal,
      })) {
        if (part.type === 'impersonation-delta') {
          written += part.text;
          setText(written);
        } else problem = part.failure?.message ?? null;
      }
    } catch (error) {
      problem = errorText(error);
    }
    if (running.current !== stop) return;
    running.current = null;
    if (problem !== null) setKnown({ state: 'failed', problem, before });
    else setKnown(written === '' ? IDLE : { state: 'written', problem: '', before });
  }

  return {
    state: known.state,
    problem: known.problem,
    start,
    stop: () => running.current?.abort(),
    undo: () => {
      setText(known.before);
      setKnown(IDLE);
    },
    settle: () => {
      running.current?.abort();
      running.current = null;
      if (known.state !== 'idle') setKnown(IDLE);
    },
  };
}
