import { Menu } from '@mantine/core';
import { useRef } from 'react';
import type { RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { useIsNarrow } from '../../../state/use-is-narrow.ts';
import { IconCamera, IconPaperclip, IconPhoto } from '../../../ui/icons.ts';
import classes from '../composer.module.css';

/** What the file chooser offers first; the server judges by the bytes. */
const ACCEPTED =
  'image/png,image/jpeg,image/webp,image/gif,image/heic,.pdf,.epub,.docx,.txt,.md,.markdown,.csv,.tsv,.json,.xml,.html,.yaml,.yml,.log,.ts,.tsx,.js,.jsx,.py,.java,.c,.cpp,.h,.rs,.go,.rb,.php,.sh,.sql,.css,text/*';

/** Adds files to the message; on a phone also by its camera. */
export function AttachButton({ onFiles }: { onFiles: (files: File[]) => void }) {
  const { t } = useTranslation('files');
  const narrow = useIsNarrow();
  const files = useRef<HTMLInputElement>(null);
  const photos = useRef<HTMLInputElement>(null);
  const camera = useRef<HTMLInputElement>(null);
  const button = (
    <button
      type="button"
      className={classes['microphone']}
      aria-label={t('attach')}
      onClick={narrow ? undefined : () => files.current?.click()}
    >
      <IconPaperclip size={21} aria-hidden />
    </button>
  );
  return (
    <>
      {narrow ? (
        <Menu position="top-start" width={220}>
          <Menu.Target>{button}</Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconCamera size={18} aria-hidden />} onClick={() => camera.current?.click()}>
              {t('camera')}
            </Menu.Item>
            <Menu.Item leftSection={<IconPhoto size={18} aria-hidden />} onClick={() => photos.current?.click()}>
              {t('photos')}
            </Menu.Item>
            <Menu.Item leftSection={<IconPaperclip size={18} aria-hidden />} onClick={() => files.current?.click()}>
              {t('choose')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      ) : (
        button
      )}
      <Chooser inputRef={files} accept={ACCEPTED} onFiles={onFiles} />
      <Chooser inputRef={photos} accept="image/*" onFiles={onFiles} />
      <Chooser inputRef={camera} accept="image/*" capture onFiles={onFiles} />
    </>
  );
}

function Chooser({
  inputRef,
  accept,
  capture = false,
  onFiles,
}: {
  inputRef: RefObject<HTMLInputElement | null>;
  accept: string;
  capture?: boolean;
  onFiles: (files: File[]) => void;
}) {
  return (
    <input
      ref={inputRef}
      type="file"
      hidden
      multiple={!capture}
      accept={accept}
      {...(capture ? { capture: 'environment' as const } : {})}
      onChange={(event) => {
        const { files } = event.currentTarget;
        if (files !== null && files.length > 0) onFiles([...files]);
        // The same file may be chosen again.
        event.currentTarget.value = '';
      }}
    />
  );
}
