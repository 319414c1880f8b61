import { Popover, Progress, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useQuery } from '@tanstack/react-query';
import { ALT_LENGTH } from '../../../../contract/attachments.ts';
import { formatNumber } from '../../../state/format.ts';
import { IconFile, IconRefresh, IconX } from '../../../ui/icons.ts';
import { abilitiesQuery } from './file-queries.ts';
import classes from './files.module.css';
import type { PendingFile, PendingFiles } from './use-attachments.ts';
import { useFileProblem } from './use-file-problem.ts';

/** The files of the next message: what is on its way, what went wrong, what pictures show. */
export function AttachmentRow({ conversationId, pending }: { conversationId: string; pending: PendingFiles }) {
  const { t } = useTranslation('files');
  const { files } = pending;
  const hasPictures = files.some(({ previewUrl }) => previewUrl !== null);
  if (files.length === 0) return null;
  return (
    <div className={classes['row']}>
      <ul className={classes['chips']} aria-label={t('pending', { count: files.length })}>
        {files.map((file) => (
          <li key={file.key}>
            <PendingChip file={file} pending={pending} />
          </li>
        ))}
      </ul>
      {hasPictures && <BlindNote conversationId={conversationId} />}
    </div>
  );
}

function PendingChip({ file, pending }: { file: PendingFile; pending: PendingFiles }) {
  const { t } = useTranslation('files');
  const problem = useFileProblem();
  const failed = file.state === 'failed';
  return (
    <div className={classes['chip']} data-failed={failed}>
      {file.previewUrl === null ? (
        <IconFile size={20} aria-hidden />
      ) : (
        <PictureAlt file={file} onDescribe={(alt) => pending.describe(file.key, alt)} />
      )}
      <span className={classes['chipWords']}>
        <span className={classes['chipName']}>{file.name}</span>
        {file.state === 'uploading' && (
          <Progress
            size="xs"
            value={file.progress * 100}
            aria-label={t('uploading', { name: file.name, percent: formatNumber(Math.round(file.progress * 100)) })}
          />
        )}
        {failed && <span role="alert">{problem(file.error)}</span>}
        {file.state === 'ready' && file.attachment !== null && <ReadyWords file={file} />}
      </span>
      {failed && (
        <button
          type="button"
          className={classes['chipButton']}
          aria-label={t('again', { name: file.name })}
          onClick={() => pending.retry(file.key)}
        >
          <IconRefresh size={16} aria-hidden />
        </button>
      )}
      <button
        type="button"
        className={classes['chipButton']}
        aria-label={t('remove', { name: file.name })}
        onClick={() => pending.remove(file.key)}
      >
        <IconX size={16} aria-hidden />
      </button>
    </div>
  );
}

function ReadyWords({ file: { attachment, alt } }: { file: PendingFile }) {
  const { t } = useTranslation('files');
  if (attachment === null) return null;
  const { kind, sections, characters } = attachment;
  if (kind === 'image') return <small>{alt === '' ? t('describeHint') : alt}</small>;
  const length = t('characters', { count: characters, formatted: formatNumber(characters) });
  if (kind === 'pdf') return <small>{t('pages', { count: sections, length })}</small>;
  if (kind === 'epub') return <small>{t('chapters', { count: sections, length })}</small>;
  return <small>{length}</small>;
}

/** The small picture opens a line for what it shows. */
function PictureAlt({ file, onDescribe }: { file: PendingFile; onDescribe: (alt: string) => void }) {
  const { t } = useTranslation('files');
  return (
    <Popover position="top-start" width={280} trapFocus withinPortal shadow="md">
      <Popover.Target>
        <button type="button" className={classes['thumb']} aria-label={t('describe', { name: file.name })}>
          <img src={file.previewUrl ?? ''} alt="" />
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <TextInput
          label={t('alt')}
          description={t('altHint')}
          defaultValue={file.alt}
          maxLength={ALT_LENGTH}
          size="md"
          disabled={file.attachment === null}
          onBlur={(event) => onDescribe(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            event.currentTarget.blur();
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}

/** Said before sending: this model is told of pictures and does not see them. */
function BlindNote({ conversationId }: { conversationId: string }) {
  const { t } = useTranslation('files');
  const { data } = useQuery(abilitiesQuery(conversationId));
  if (data === undefined || data.seesPictures) return null;
  return (
    <p className={classes['blind']} role="status">
      {data.model === null ? t('blindPlain') : t('blind', { model: data.model })}
    </p>
  );
}
