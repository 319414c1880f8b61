import { Menu } from '@mantine/core';
import { useRef } from 'react';
import type { ReactNode, RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { useIsNarrow } from '../../../state/use-is-narrow.ts';
import { IconCamera, IconPaperclip, IconPhoto, IconPlus } from '../../../ui/icons.ts';
import classes from '../composer.module.css';

/** What the file chooser offers first; the server judges by the bytes. */
const ACCEPTED =
  'image/png,image/jpeg,image/webp,image/gif,image/heic,.pdf,.epub,.docx,.txt,.md,.markdown,.csv,.tsv,.json,.xml,.html,.yaml,.yml,.log,.ts,.tsx,.js,.jsx,.py,.java,.c,.cpp,.h,.rs,.go,.rb,.php,.sh,.sql,.css,text/*';

/** Adds files to the message; on a phone also by its camera, in one menu with the items given. */
export function AttachButton({ onFiles, children }: { onFiles: (files: File[]) => void; children?: ReactNode }) {
  const { t } = useTranslation(['files', 'compose']);
  const narrow = useIsNarrow();
  const files = useRef<HTMLInputElement>(null);
  const photos = useRef<HTMLInputElement>(null);
  const camera = useRef<HTMLInputElement>(null);
  const button = (
    <button
      type="button"
      className={classes['microphone']}
      aria-label={narrow && children !== undefined ? t('compose:filesAndHelp') : t('files:attach')}
      onClick={narrow ? undefined : () => files.current?.click()}
    >
      {narrow && children !== undefined ? <IconPlus size={22} aria-hidden /> : <IconPaperclip size={21} aria-hidden />}
    </button>
  );
  return (
    <>
      {narrow ? (
        <Menu position="top-start" width={260}>
          <Menu.Target>{button}</Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconCamera size={18} aria-hidden />} onClick={() => camera.current?.click()}>
              {t('files:camera')}
            </Menu.Item>
            <Menu.Item leftSection={<IconPhoto size={18} aria-hidden />} onClick={() => photos.current?.click()}>
              {t('files:photos')}
            </Menu.Item>
            <Menu.Item leftSection={<IconPaperclip size={18} aria-hidden />} onClick={() => files.current?.click()}>
              {t('files:choose')}
            </Menu.Item>
            {children !== undefined && <Menu.Divider />}
            {children}
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
