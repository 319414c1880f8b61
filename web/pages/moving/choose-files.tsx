import { Button, TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import type { ChangeEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '../../state/use-me.ts';
import { IconFolder, IconUpload } from '../../ui/icons.ts';
import { Panel } from '../../ui/panel.tsx';
import { filesOfDrop, filesOfInput } from './gather-files.ts';
import classes from './moving.module.css';
import type { MoveControl } from './use-move.ts';

const ACCEPTED = '.zip,.png,.json,.jsonl,.charx,.yaml,.yml,.jpg,.jpeg';

/** The beginning: files, a folder, or a directory of the machine. */
export function ChooseFiles({ control }: { control: MoveControl }) {
  const { t } = useTranslation('moving');
  const me = useMe();
  const { move } = control;
  return (
    <>
      {move?.state === 'failed' && (
        <p role="alert" className={classes['failure']}>
          {t('failed', { reason: move.failure?.message ?? '' })}
        </p>
      )}
      {move?.state === 'cancelled' && <p role="status">{t('cancelled')}</p>}
      <DropField control={control} />
      <Panel title={t('what.title')}>
        <ul className={classes['plain']}>
          {(['sillytavern', 'risu', 'cai', 'others'] as const).map((key) => (
            <li key={key}>{t(`what.${key}`)}</li>
          ))}
        </ul>
      </Panel>
      {me.role === 'owner' && <DirectoryField control={control} />}
    </>
  );
}

function DropField({ control }: { control: MoveControl }) {
  const { t } = useTranslation('moving');
  const [over, setOver] = useState(false);
  return (
    <div
      className={classes['drop']}
      data-over={over}
      onDragOver={(event) => {
        event.preventDefault();
        event.stopPropagation();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        void filesOfDrop(event.dataTransfer).then((found) => (found.length > 0 ? control.bring(found) : undefined));
      }}
    >
      <IconUpload size={34} aria-hidden />
      <p>
        <strong>{t('drop.title')}</strong>
        <br />
        {t('drop.body')}
      </p>
      <ChooseButtons control={control} />
      <p className={classes['quiet']}>{t('drop.private')}</p>
    </div>
  );
}

function ChooseButtons({ control }: { control: MoveControl }) {
  const { t } = useTranslation('moving');
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const take = (event: ChangeEvent<HTMLInputElement>) => {
    const chosen = filesOfInput(event.currentTarget.files);
    event.currentTarget.value = '';
    if (chosen.length > 0) void control.bring(chosen);
  };
  return (
    <>
      <input ref={files} type="file" multiple hidden accept={ACCEPTED} onChange={take} />
      <input
        ref={(input) => {
          input?.setAttribute('webkitdirectory', '');
          folder.current = input;
        }}
        type="file"
        multiple
        hidden
        onChange={take}
      />
      <div className={classes['buttons']}>
        <Button leftSection={<IconUpload size={18} aria-hidden />} onClick={() => files.current?.click()}>
          {t('drop.files')}
        </Button>
        <Button
          variant="default"
          leftSection={<IconFolder size={18} aria-hidden />}
          onClick={() => folder.current?.click()}
        >
          {t('drop.folder')}
        </Button>
      </div>
    </>
  );
}

/** A folder that lies on the house's own machine need not travel. */
function DirectoryField({ control }: { control: MoveControl }) {
  const { t } = useTranslation('moving');
  const [directory, setDirectory] = useState('');
  return (
    <Panel title={t('directory.title')} lead={t('directory.lead')}>
      <form
        className={classes['inline']}
        onSubmit={(event) => {
          event.preventDefault();
          if (directory.trim() !== '') void control.look(directory.trim());
        }}
      >
        <TextInput
          label={t('directory.label')}
          placeholder="/home/me/SillyTavern/data/default-user"
          value={directory}
          onChange={(event) => setDirectory(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={directory.trim() === ''}>
          {t('directory.action')}
        </Button>
      </form>
    </Panel>
  );
}
