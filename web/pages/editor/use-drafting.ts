import { useEffect, useRef, useState } from 'react';
import { API_ADDRESSES } from '../../../client/api-routes.ts';
import { streamParts } from '../../../client/stream-parts.ts';
import { draftPartSchema, type DraftField } from '../../../contract/drafting.ts';
import { api } from '../../state/api.ts';
import { currentLocale } from '../../state/i18n.ts';
import { useErrorText } from '../../state/use-error-text.ts';
import { knownOf, withDrafted, type EditorValues } from './editor-values.ts';
import type { Editor } from './use-editor.ts';

export interface Drafting {
  running: boolean;
  /** The field being written now. */
  field: DraftField | null;
  /** Of the run that is under way or was last: what is asked for, and what is written already. */
  asked: readonly DraftField[];
  written: readonly DraftField[];
  /** The model that writes; null before it is known. */
  model: { label: string; fallback: boolean } | null;
  problem: string | null;
  /** The words before the last run, while they can be brought back. */
  before: EditorValues | null;
  start: (fields: readonly DraftField[], wish?: string) => Promise<void>;
  stop: () => void;
  undo: () => void;
}

type State = Pick<Drafting, 'running' | 'field' | 'asked' | 'written' | 'model' | 'problem' | 'before'>;
const IDLE: State = { running: false, field: null, asked: [], written: [], model: null, problem: null, before: null };

/** Lets the house's model write fields into the form, word by word. */
export function useDrafting({ values, idea, change }: Editor): Drafting {
  const errorText = useErrorText();
  const [state, setState] = useState<State>(IDLE);
  const stopping = useRef<AbortController | null>(null);
  const update = (some: Partial<State>) => setState((before) => ({ ...before, ...some }));
  useEffect(() => () => stopping.current?.abort(), []);

  async function start(fields: readonly DraftField[], wish = ''): Promise<void> {
    stopping.current?.abort();
    const stop = new AbortController();
    stopping.current = stop;
    setState({ ...IDLE, running: true, asked: fields, before: values });
    const slot = values.alternateGreetings.length;
    const body = { idea, fields: [...fields], known: knownOf(values), wish, locale: currentLocale() };
    const { signal } = stop;
    const path = API_ADDRESSES.draftCharacter;
    let text = '';
    try {
      for await (const part of streamParts({ client: api, path, body, part: draftPartSchema, signal })) {
        if (part.type === 'draft-start') update({ model: part.model });
        else if (part.type === 'draft-field-start') {
          text = '';
          update({ field: part.field });
        } else if (part.type === 'draft-field-delta' || part.type === 'draft-field-end') {
          text = part.type === 'draft-field-end' ? part.text : text + part.text;
          const now = text;
          change((before) => withDrafted(before, { field: part.field, text: now, slot }));
          if (part.type === 'draft-field-end') setState((was) => ({ ...was, written: [...was.written, part.field] }));
        } else if (part.failure !== null) update({ problem: part.failure.message });
      }
    } catch (error) {
      update({ problem: errorText(error) });
    } finally {
      if (stopping.current === stop) update({ running: false, field: null });
    }
  }

  return {
    ...state,
    start,
    stop: () => stopping.current?.abort(),
    undo: () => {
      const { before } = state;
      if (before === null) return;
      change((now) => ({
        ...now,
        ...Object.fromEntries(state.asked.map((field) => [keyOf(field), before[keyOf(field)]])),
      }));
      update({ before: null });
    },
  };
}

function keyOf(field: DraftField): keyof EditorValues {
  return field === 'alternateGreeting' ? 'alternateGreetings' : field;
}
