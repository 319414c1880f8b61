import { createContext, Suspense, lazy, useCallback, useContext, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import type { Citation } from '../../../../contract/attachments.ts';
import type { MessagePart } from '../../../../contract/messages.ts';

const FileReader = lazy(async () => ({ default: (await import('./file-reader.tsx')).FileReader }));
const PictureViewer = lazy(async () => ({ default: (await import('./picture-viewer.tsx')).PictureViewer }));

export type PicturePart = Extract<MessagePart, { type: 'image' }>;

interface OpenFile {
  /** A file's text, at a passage. */
  read: (file: { attachmentId: string; name: string; citation: Citation | null }) => void;
  look: (pictures: readonly PicturePart[], index: number) => void;
}

const OpenFileContext = createContext<OpenFile>({ read: () => undefined, look: () => undefined });

type Opened =
  | { type: 'file'; attachmentId: string; name: string; citation: Citation | null }
  | { type: 'pictures'; pictures: readonly PicturePart[]; index: number };

/** Opens files and pictures of a conversation over its page. */
export function OpenedFile({ children }: { children: ReactNode }) {
  const [opened, setOpened] = useState<Opened | null>(null);
  const close = useCallback(() => setOpened(null), []);
  const open = useMemo<OpenFile>(
    () => ({
      read: (file) => setOpened({ type: 'file', ...file }),
      look: (pictures, index) => setOpened({ type: 'pictures', pictures, index }),
    }),
    [],
  );
  return (
    <OpenFileContext value={open}>
      {children}
      <Suspense>
        {opened?.type === 'file' && <FileReader {...opened} onClose={close} />}
        {opened?.type === 'pictures' && <PictureViewer {...opened} onClose={close} />}
      </Suspense>
    </OpenFileContext>
  );
}

export function useOpenFile(): OpenFile {
  return useContext(OpenFileContext);
}
