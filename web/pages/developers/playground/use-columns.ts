import { useEffect, useReducer, useRef } from 'react';
import { useErrorText } from '../../../state/use-error-text.ts';
import { buildRequest } from './build-request.ts';
import type { PlaygroundSettings, Turn } from './playground-types.ts';
import { NO_ANSWER, streamChat } from './stream-chat.ts';
import type { GrowingAnswer } from './stream-chat.ts';

/** One model's side of the talk. */
export interface Column {
  id: number;
  model: string;
  turns: readonly Turn[];
  /** While it answers. */
  live: GrowingAnswer | null;
  fault: string | null;
}

type Change =
  | { kind: 'add'; column: Column }
  | { kind: 'remove'; id: number }
  | { kind: 'update'; id: number; some: Partial<Column> }
  | { kind: 'clear' };

function reduce(columns: readonly Column[], change: Change): readonly Column[] {
  switch (change.kind) {
    case 'add':
      return [...columns, change.column];
    case 'remove':
      return columns.filter(({ id }) => id !== change.id);
    case 'update':
      return columns.map((column) => (column.id === change.id ? { ...column, ...change.some } : column));
    default:
      return columns.map((column) => ({ ...column, turns: [], live: null, fault: null }));
  }
}

export interface Columns {
  columns: readonly Column[];
  busy: boolean;
  add: (model: string) => void;
  remove: (id: number) => void;
  choose: (id: number, model: string) => void;
  /** Adds turns to a column, or to all, and has the models answer. */
  ask: (settings: PlaygroundSettings, turns: readonly Turn[], only?: number) => void;
  stop: () => void;
  clear: () => void;
}

/** Models side by side, each with its own turns; what is asked goes to all of them. */
export function useColumns(first: { model: string; turns: readonly Turn[] }): Columns {
  const errorText = useErrorText();
  const [columns, dispatch] = useReducer(reduce, [{ id: 0, ...first, live: null, fault: null }]);
  const nextId = useRef(1);
  const running = useRef(new Map<number, AbortController>());
  const stop = () => {
    for (const controller of running.current.values()) controller.abort();
  };
  useEffect(() => {
    const all = running.current;
    return () => {
      for (const controller of all.values()) controller.abort();
    };
  }, []);

  async function answer({ id, model }: Column, settings: PlaygroundSettings, turns: readonly Turn[]): Promise<void> {
    running.current.get(id)?.abort();
    const controller = new AbortController();
    running.current.set(id, controller);
    const update = (some: Partial<Column>) => dispatch({ kind: 'update', id, some });
    await answerTurns({
      body: buildRequest(settings, turns, model),
      turns,
      signal: controller.signal,
      update,
      errorText,
    });
    if (running.current.get(id) === controller) running.current.delete(id);
  }

  return {
    columns,
    busy: columns.some(({ live }) => live !== null),
    add: (model) => {
      const id = nextId.current;
      nextId.current += 1;
      // It begins with an empty page: the other's answers are not its own.
      dispatch({ kind: 'add', column: { id, model, turns: [], live: null, fault: null } });
    },
    remove: (id) => {
      running.current.get(id)?.abort();
      dispatch({ kind: 'remove', id });
    },
    choose: (id, model) => dispatch({ kind: 'update', id, some: { model } }),
    ask: (settings, turns, only) => {
      for (const column of columns.filter(({ id }) => only === undefined || id === only)) {
        void answer(column, settings, [...column.turns, ...turns]);
      }
    },
    stop,
    clear: () => {
      stop();
      dispatch({ kind: 'clear' });
    },
  };
}

interface Answering {
  body: Record<string, unknown>;
  turns: readonly Turn[];
  signal: AbortSignal;
  update: (some: Partial<Column>) => void;
  errorText: (error: unknown) => string;
}

/** What had arrived when it was stopped or broke off stays. */
async function answerTurns({ body, turns, signal, update, errorText }: Answering): Promise<void> {
  let live = NO_ANSWER;
  update({ turns, live, fault: null });
  try {
    for await (live of streamChat(body, signal)) update({ live });
  } catch (error) {
    if (!signal.aborted) update({ fault: errorText(error) });
  }
  const said: Turn = { role: 'assistant', ...live, stopped: signal.aborted };
  const isEmpty = live.text === '' && live.toolCalls.length === 0;
  update({ live: null, turns: isEmpty ? turns : [...turns, said] });
}
