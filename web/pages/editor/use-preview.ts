import { useEffect, useRef, useState } from 'react';
import { API_ADDRESSES } from '../../../client/api-routes.ts';
import { streamParts } from '../../../client/stream-parts.ts';
import { previewPartSchema, type Preview } from '../../../contract/drafting.ts';
import { api } from '../../state/api.ts';
import { currentLocale } from '../../state/i18n.ts';
import { useErrorText } from '../../state/use-error-text.ts';
import type { EditorValues } from './editor-values.ts';

export type PreviewMessage = Preview['messages'][number];

export interface PreviewTalk {
  /** After the greeting, oldest first. */
  messages: readonly PreviewMessage[];
  /** What the character is saying now; null when nobody speaks. */
  saying: string | null;
  problem: string | null;
  say: (text: string) => Promise<void>;
  stop: () => void;
  clear: () => void;
}

/** A talk with the character as the form has it. It lives in this page alone. */
export function usePreview(values: EditorValues): PreviewTalk {
  const errorText = useErrorText();
  const [messages, setMessages] = useState<readonly PreviewMessage[]>([]);
  const [saying, setSaying] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const stopping = useRef<AbortController | null>(null);
  useEffect(() => () => stopping.current?.abort(), []);

  async function say(text: string): Promise<void> {
    stopping.current?.abort();
    const stop = new AbortController();
    stopping.current = stop;
    const asked: PreviewMessage[] = [...messages, { author: 'user', text }];
    setMessages(asked);
    setProblem(null);
    setSaying('');
    let reply = '';
    try {
      const parts = streamParts({
        client: api,
        path: API_ADDRESSES.previewCharacter,
        body: previewBody(values, asked),
        part: previewPartSchema,
        signal: stop.signal,
      });
      for await (const part of parts) {
        if (part.type === 'preview-delta') {
          reply += part.text;
          setSaying(reply);
        } else if (part.type === 'preview-end' && part.failure !== null) setProblem(part.failure.message);
      }
    } catch (error) {
      setProblem(errorText(error));
    } finally {
      if (stopping.current === stop) {
        setSaying(null);
        if (reply.trim() !== '') setMessages([...asked, { author: 'character', text: reply }]);
      }
    }
  }

  return {
    messages,
    saying,
    problem,
    say,
    stop: () => stopping.current?.abort(),
    clear: () => {
      stopping.current?.abort();
      stopping.current = null;
      setMessages([]);
      setSaying(null);
      setProblem(null);
    },
  };
}

function previewBody(values: EditorValues, asked: readonly PreviewMessage[]): Preview {
  const { name, nickname, description, personality, scenario, exampleDialogue } = values;
  const { systemPrompt, postHistoryInstructions, depthPrompt, greeting } = values;
  const opening: PreviewMessage[] = greeting.trim() === '' ? [] : [{ author: 'character', text: greeting }];
  return {
    fields: {
      name,
      nickname,
      description,
      personality,
      scenario,
      exampleDialogue,
      systemPrompt,
      postHistoryInstructions,
      depthPrompt,
    },
    messages: [...opening, ...asked.slice(-150)],
    locale: currentLocale(),
  };
}
