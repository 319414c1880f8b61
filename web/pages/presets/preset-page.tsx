import { Button, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useBlocker, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PresetBody, PromptPreset } from '../../../contract/prompts.ts';
import { api } from '../../state/api.ts';
import { useFormProblem } from '../../state/use-form-problem.ts';
import { usePageTitle } from '../../state/use-page-title.ts';
import { LoadingPage } from '../../ui/loading-page.tsx';
import { NotFoundPage } from '../../ui/not-found-page.tsx';
import { Subpage } from '../../ui/subpage.tsx';
import { PresetMenu } from './preset-list.tsx';
import { presetName } from './preset-name.ts';
import { presetQuery } from './preset-queries.ts';
import { PresetSettings } from './preset-settings.tsx';
import classes from './presets.module.css';
import { SegmentList } from './segment-list.tsx';
import { usePresetActions } from './use-preset-actions.ts';

const route = getRouteApi('/inside/frame/presets/$presetId');

/** One preset: what a prompt is made of, in which order, and with which values. */
export function PresetPage() {
  const { presetId } = route.useParams();
  const query = useQuery({ ...presetQuery(presetId), refetchOnWindowFocus: false });
  if (query.data === undefined) return query.isError ? <NotFoundPage /> : <LoadingPage />;
  return <PresetEditor key={`${query.data.id} ${query.data.revision}`} preset={query.data} />;
}

function PresetEditor({ preset }: { preset: PromptPreset }) {
  const { t } = useTranslation(['presets', 'common']);
  const navigate = useNavigate();
  const { duplicate } = usePresetActions();
  const shownName = presetName(preset, t);
  const [name, setName] = useState(preset.name);
  const [body, setBody] = useState(preset.body);
  const changed = name !== preset.name || body !== preset.body;
  usePageTitle(shownName);
  useBlocker({
    shouldBlockFn: () => changed && !globalThis.confirm(t('presets:leave')),
    enableBeforeUnload: changed,
  });
  const change = (part: Partial<PresetBody>) => setBody({ ...body, ...part });
  return (
    <Subpage
      title={shownName}
      back="/presets"
      menu={
        <PresetMenu
          preset={{ id: preset.id, name: shownName }}
          builtIn={preset.builtIn}
          onDeleted={() => navigate({ to: '/presets', ignoreBlocker: true })}
        />
      }
    >
      {preset.builtIn ? (
        <div className={classes['note']}>
          <p>{t('presets:builtIn.fixed')}</p>
          <Button onClick={() => void duplicate({ id: preset.id, name: shownName })}>{t('presets:duplicate')}</Button>
        </div>
      ) : (
        <TextInput
          label={t('presets:name')}
          size="md"
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      )}
      <SegmentList segments={body.segments} fixed={preset.builtIn} onChange={(segments) => change({ segments })} />
      <PresetSettings body={body} fixed={preset.builtIn} onChange={change} />
      {!preset.builtIn && <SaveBar {...{ preset, name, body, changed }} />}
    </Subpage>
  );
}

interface SaveBarProps {
  preset: PromptPreset;
  name: string;
  body: PresetBody;
  changed: boolean;
}

function SaveBar({ preset, name, body, changed }: SaveBarProps) {
  const { t } = useTranslation(['presets', 'common']);
  const queryClient = useQueryClient();
  const problem = useFormProblem([]);
  const [busy, setBusy] = useState(false);

  async function save(): Promise<void> {
    setBusy(true);
    try {
      const saved = await api.call('savePreset', {
        params: { id: preset.id },
        body: { name, body, expectedRevision: preset.revision },
      });
      queryClient.setQueryData(presetQuery(preset.id).queryKey, saved);
      await queryClient.invalidateQueries({ queryKey: ['presets'], exact: true });
    } catch (error) {
      problem.set(error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <div className={classes['saveBar']}>
      {problem.general !== null && (
        <p className={classes['problem']} role="alert">
          {problem.general}
        </p>
      )}
      <span className={classes['hint']} role="status">
        {changed ? t('presets:unsaved') : t('presets:saved')}
      </span>
      <Button size="md" loading={busy} disabled={!changed || name.trim() === ''} onClick={() => void save()}>
        {t('presets:save')}
      </Button>
    </div>
  );
}
