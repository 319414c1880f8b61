import { useCallback, useEffect, useState } from 'react';
import { isEqual, type EditorValues } from './editor-values.ts';
import { dropEdits, keepEdits, readKeptEdits, type KeptEdits } from './kept-edits.ts';

/** Milliseconds of quiet before the words are kept on this device. */
const KEEP_AFTER = 400;

export interface Editor {
  values: EditorValues;
  initial: EditorValues;
  idea: string;
  dirty: boolean;
  /** Edits of an earlier visit that may be taken up again. */
  kept: KeptEdits | null;
  change: (change: (values: EditorValues) => EditorValues) => void;
  set: <Key extends keyof EditorValues>(key: Key, value: EditorValues[Key]) => void;
  setIdea: (idea: string) => void;
  restoreKept: () => void;
  discardKept: () => void;
  /** After a save: nothing is left to keep. */
  forget: () => void;
}

/** The form's words. They outlive a reload on this device until they are saved or thrown away. */
export function useEditor({
  id,
  versionId,
  initial,
}: {
  id: string;
  versionId: string | null;
  initial: EditorValues;
}): Editor {
  const [values, change] = useState(initial);
  const [idea, setIdea] = useState('');
  const [kept, setKept] = useState(() => readKeptEdits(id));
  const dirty = idea !== '' || !isEqual(values, initial);

  useEffect(() => {
    if (!dirty) return undefined;
    const timer = setTimeout(() => keepEdits(id, { versionId, idea, values }), KEEP_AFTER);
    return () => clearTimeout(timer);
  }, [id, versionId, idea, values, dirty]);

  const set = useCallback<Editor['set']>((key, value) => change((before) => ({ ...before, [key]: value })), []);
  return {
    values,
    initial,
    idea,
    dirty,
    kept: dirty ? null : kept,
    change,
    set,
    setIdea,
    restoreKept: () => {
      if (kept === null) return;
      change({ ...initial, ...kept.values });
      setIdea(kept.idea);
      setKept(null);
    },
    discardKept: () => {
      dropEdits(id);
      setKept(null);
    },
    forget: () => dropEdits(id),
  };
}
