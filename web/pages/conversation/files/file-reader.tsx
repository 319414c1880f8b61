import { Button, Drawer, Loader, Modal } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { fillPath } from '../../../../client/create-client.ts';
import { API_ADDRESSES } from '../../../../client/api-routes.ts';
import {
  PASSAGES_AT_ONCE,
  type AttachmentText,
  type Citation,
  type Passage,
} from '../../../../contract/attachments.ts';
import { api } from '../../../state/api.ts';
import { useErrorText } from '../../../state/use-error-text.ts';
import { useIsNarrow } from '../../../state/use-is-narrow.ts';
import { IconDownload } from '../../../ui/icons.ts';
import { fileTextQuery } from './file-queries.ts';
import classes from './files.module.css';
import { usePlaceWords } from './use-place-words.ts';

export interface FileReaderProps {
  attachmentId: string;
  name: string;
  /** The passage that is shown and marked; null opens the beginning. */
  citation: Citation | null;
  onClose: () => void;
}

/** A file's text as it was read, with its pages and chapters, at the passage that a reply names. */
export function FileReader({ attachmentId, name, citation, onClose }: FileReaderProps) {
  const { t } = useTranslation(['files', 'common']);
  const narrow = useIsNarrow();
  const content = <ReaderContent key={attachmentId} {...{ attachmentId, citation }} />;
  const shared = {
    opened: true,
    onClose,
    title: name,
    closeButtonProps: { 'aria-label': t('common:close') },
  };
  if (narrow) {
    return (
      <Drawer {...shared} position="bottom" size="88dvh">
        {content}
      </Drawer>
    );
  }
  return (
    <Modal {...shared} size={760} centered>
      {content}
    </Modal>
  );
}

function ReaderContent({ attachmentId, citation }: Pick<FileReaderProps, 'attachmentId' | 'citation'>) {
  const { t } = useTranslation('files');
  const errorText = useErrorText();
  const first = useQuery(fileTextQuery(attachmentId, citation === null ? {} : { position: citation.position }));
  if (first.isError) return <p role="alert">{errorText(first.error)}</p>;
  if (first.data === undefined) return <Loader aria-label={t('opening')} />;
  return <Passages text={first.data} marked={citation?.position ?? null} />;
}

function Passages({ text, marked }: { text: AttachmentText; marked: number | null }) {
  const { t } = useTranslation('files');
  const { attachment } = text;
  const pages = useMorePassages(text);
  const mark = useRef<HTMLElement>(null);
  // Newer browsers answer with a promise, which is no way to end an effect.
  useEffect(() => {
    mark.current?.scrollIntoView({ block: 'center' });
  }, []);
  return (
    <div className={classes['reader']}>
      <a
        className={classes['download']}
        href={api.url(fillPath(API_ADDRESSES.attachmentFile, { id: attachment.id }))}
        download={attachment.name}
      >
        <IconDownload size={18} aria-hidden /> {t('download')}
      </a>
      {pages.more.before && (
        <Button variant="default" loading={pages.loading} onClick={() => void pages.load('before')}>
          {t('before')}
        </Button>
      )}
      {pages.passages.map((passage, index) => (
        <PassageBlock
          key={passage.position}
          passage={passage}
          isNewPlace={passage.place !== pages.passages[index - 1]?.place}
        >
          {passage.position === marked ? (
            <mark ref={mark} className={classes['marked']}>
              {passage.text.trimEnd()}
            </mark>
          ) : (
            passage.text.trimEnd()
          )}
        </PassageBlock>
      ))}
      {pages.more.after && (
        <Button variant="default" loading={pages.loading} onClick={() => void pages.load('after')}>
          {t('after')}
        </Button>
      )}
    </div>
  );
}

function PassageBlock({
  passage,
  isNewPlace,
  children,
}: {
  passage: Passage;
  isNewPlace: boolean;
  children: ReactNode;
}) {
  const placeWords = usePlaceWords();
  const words = passage.placeKind === 'lines' ? '' : placeWords(passage);
  return (
    <>
      {isNewPlace && words !== '' && <h3 className={classes['place']}>{words}</h3>}
      <p className={classes['passage']}>{children}</p>
    </>
  );
}

/** Reads on in both directions. */
function useMorePassages(text: AttachmentText) {
  const queryClient = useQueryClient();
  const [passages, setPassages] = useState(text.passages);
  const [more, setMore] = useState(text.more);
  const [loading, setLoading] = useState(false);
  async function load(side: 'before' | 'after'): Promise<void> {
    const first = passages[0]?.position ?? 0;
    const from = side === 'before' ? Math.max(0, first - PASSAGES_AT_ONCE) : (passages.at(-1)?.position ?? 0) + 1;
    setLoading(true);
    try {
      const page = await queryClient.fetchQuery(fileTextQuery(text.attachment.id, { from }));
      if (side === 'before') {
        setPassages([...page.passages.filter(({ position }) => position < first), ...passages]);
        setMore({ ...more, before: page.more.before });
      } else {
        setPassages([...passages, ...page.passages]);
        setMore({ ...more, after: page.more.after });
      }
    } finally {
      setLoading(false);
    }
  }
  return { passages, more, loading, load };
}
