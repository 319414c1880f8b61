import { Button, Menu } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportedPreset, PromptPresetSummary } from '../../../contract/prompts.ts';
import { IconCopy, IconDots, IconDownload, IconTrash, IconUpload } from '../../ui/icons.ts';
import { presetName } from './preset-name.ts';
import { presetsQuery } from './preset-queries.ts';
import classes from './presets.module.css';
import { usePresetActions } from './use-preset-actions.ts';

/** The presets of the house and one's own: the way to each, and files in. */
export function PresetList() {
  const { t } = useTranslation('presets');
  const { data: presets } = useQuery(presetsQuery);
  const [imported, setImported] = useState<ImportedPreset | null>(null);
  return (
    <section className={classes['panel']} aria-label={t('title')}>
      <p className={classes['lead']}>{t('lead')}</p>
      {presets !== undefined && (
        <ul className={classes['list']}>
          {presets.map((preset) => (
            <PresetRow key={preset.id} preset={preset} />
          ))}
        </ul>
      )}
      <ImportButton onImported={setImported} />
      {imported !== null && <ImportReport imported={imported} />}
    </section>
  );
}

function PresetRow({ preset }: { preset: PromptPresetSummary }) {
  const { t } = useTranslation(['presets', 'common']);
  const name = presetName(preset, t);
  const about = [
    t(`presets:orders.${preset.order}`),
    t('presets:segmentCount', { count: preset.segmentCount }),
    ...(preset.instruct === null ? [] : [preset.instruct === '' ? t('presets:instruct.plain') : preset.instruct]),
  ];
  return (
    <li className={classes['row']}>
      <Link to="/presets/$presetId" params={{ presetId: preset.id }} className={classes['rowLink']}>
        <span className={classes['name']}>
          {name}
          {preset.builtIn && <span className={classes['badge']}>{t('presets:ofHouse')}</span>}
        </span>
        <span className={classes['about']}>{about.join(' · ')}</span>
      </Link>
      <PresetMenu preset={{ id: preset.id, name }} builtIn={preset.builtIn} />
    </li>
  );
}

export interface PresetMenuProps {
  preset: { id: string; name: string };
  builtIn: boolean;
  onDeleted?: () => Promise<void>;
}

export function PresetMenu({ preset, builtIn, onDeleted }: PresetMenuProps) {
  const { t } = useTranslation('presets');
  const { duplicate, remove, save } = usePresetActions();
  return (
    <Menu position="bottom-end" width={260}>
      <Menu.Target>
        <button type="button" className={classes['round']} aria-label={t('moreOf', { name: preset.name })}>
          <IconDots size={20} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconCopy size={16} aria-hidden />} onClick={() => void duplicate(preset)}>
          {t('duplicate')}
        </Menu.Item>
        <Menu.Item leftSection={<IconDownload size={16} aria-hidden />} onClick={() => void save(preset, 'everwith')}>
          {t('export.everwith')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconDownload size={16} aria-hidden />}
          onClick={() => void save(preset, 'sillytavern')}
        >
          {t('export.sillytavern')}
        </Menu.Item>
        {!builtIn && (
          <Menu.Item
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={() => void remove(preset).then((gone) => (gone ? onDeleted?.() : undefined))}
          >
            {t('delete')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

function ImportButton({ onImported }: { onImported: (imported: ImportedPreset) => void }) {
  const { t } = useTranslation('presets');
  const { read } = usePresetActions();
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  async function take(file: File): Promise<void> {
    setBusy(true);
    const imported = await read(file);
    setBusy(false);
    if (imported !== undefined) onImported(imported);
  }
  return (
    <div>
      <Button loading={busy} leftSection={<IconUpload size={18} aria-hidden />} onClick={() => input.current?.click()}>
        {t('import')}
      </Button>
      <p className={classes['hint']}>{t('importHint')}</p>
      <input
        ref={input}
        type="file"
        accept=".json,.settings,application/json"
        hidden
        aria-label={t('import')}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = '';
          if (file) void take(file);
        }}
      />
    </div>
  );
}

/** What was read, and what of it the house does not use. */
function ImportReport({ imported: { preset, kind, warnings } }: { imported: ImportedPreset }) {
  const { t } = useTranslation('presets');
  return (
    <div className={classes['report']} role="status">
      <p>
        {t('imported', { name: preset.name, kind: t(`kinds.${kind}`) })}{' '}
        <Link to="/presets/$presetId" params={{ presetId: preset.id }}>
          {t('look')}
        </Link>
      </p>
      {warnings.length > 0 && (
        <ul>
          {warnings.map(({ code, subject }) => (
            <li key={`${code} ${subject}`}>{t(`warnings.${code}`, { subject })}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
