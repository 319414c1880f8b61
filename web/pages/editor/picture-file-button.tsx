import { Button } from '@mantine/core';
import { useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** What a browser draws; larger ones are made smaller before they are sent. */
const TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'];
/** Bytes a browser can open without choking; what is sent is far smaller. */
const FILE_LIMIT = 40 * 1024 * 1024;

export interface PictureFileButtonProps {
  children: ReactNode;
  leftSection?: ReactNode;
  onFile: (file: File) => void;
  /** A sentence for the reader, or null when the file is a picture. */
  onFault: (text: string | null) => void;
}

/** Chooses a picture from this device; others are refused with the reason. */
export function PictureFileButton({ children, leftSection, onFile, onFault }: PictureFileButtonProps) {
  const { t } = useTranslation('editor');
  const input = useRef<HTMLInputElement>(null);
  function take(file: File): void {
    if (!TYPES.includes(file.type)) return onFault(t('picture.type'));
    if (file.size > FILE_LIMIT) return onFault(t('picture.tooLarge'));
    onFault(null);
    onFile(file);
  }
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        accept={TYPES.join(',')}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = '';
          if (file !== undefined) take(file);
        }}
      />
      <Button variant="default" leftSection={leftSection} onClick={() => input.current?.click()}>
        {children}
      </Button>
    </>
  );
}
