import { createContext, useContext, useMemo } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Citation } from '../../../../contract/attachments.ts';
import type { Message } from '../../../../contract/messages.ts';
import classes from './files.module.css';
import { useOpenFile } from './opened-file.tsx';
import { usePlaceWords } from './use-place-words.ts';

const CitationsContext = createContext<ReadonlyMap<number, Citation>>(new Map());

/** Tells the words inside which passages their numbers stand for. */
export function CitedProse({ message, children }: { message: Message; children: ReactNode }) {
  const { parts } = message;
  const cited = useMemo(() => {
    const passages = parts.flatMap((part) => (part.type === 'citations' ? part.passages : []));
    return new Map(passages.map((passage) => [passage.number, passage]));
  }, [parts]);
  return <CitationsContext value={cited}>{children}</CitationsContext>;
}

export function useCitations(): ReadonlyMap<number, Citation> {
  return useContext(CitationsContext);
}

/** A number in a reply: opens the passage it stands for. */
export function CitationMark({ number }: { number: number }) {
  const { t } = useTranslation('files');
  const open = useOpenFile();
  const placeWords = usePlaceWords();
  const citation = useCitations().get(number);
  if (citation === undefined) return <>[{number}]</>;
  const where = [citation.name, placeWords(citation)].filter(Boolean).join(', ');
  return (
    <button
      type="button"
      className={classes['mark']}
      aria-label={t('openPassage', { number, where })}
      title={where}
      onClick={() => open.read({ attachmentId: citation.attachmentId, name: citation.name, citation })}
    >
      {number}
    </button>
  );
}
