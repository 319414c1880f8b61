import { Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { startTransition, useOptimistic } from 'react';
import { useTranslation } from 'react-i18next';
import type { MemoryOverview, MemorySettings } from '../../../contract/memory.ts';
import { api } from '../../state/api.ts';
import { showToast } from '../../state/toasts.ts';
import { Panel } from '../../ui/panel.tsx';
import { MemoryFilePanel } from './memory-file-panel.tsx';
import { memoryOverviewQuery } from './memory-queries.ts';
import { MemoryRules } from './memory-rules.tsx';
import { MemoryProblem, MemoryWaiting } from './memory-states.tsx';
import { useMemoryChange } from './use-memory-change.ts';
import { WordsOnly } from './words-only.tsx';

const SWITCHES = ['otherConversations', 'distil', 'diary'] as const satisfies readonly (keyof MemorySettings)[];

/** How this character remembers, what it never remembers, and its memory as a file. */
export function MemorySettingsView({ characterId, name }: { characterId: string; name: string }) {
  const query = useQuery(memoryOverviewQuery(characterId));
  if (query.isError) return <MemoryProblem error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data === undefined) return <MemoryWaiting />;
  return <Settings characterId={characterId} name={name} overview={query.data} />;
}

interface SettingsProps {
  characterId: string;
  name: string;
  overview: MemoryOverview;
}

function Settings({ characterId, name, overview: { settings, embedding } }: SettingsProps) {
  const { t } = useTranslation(['memory', 'common']);
  const change = useMemoryChange();
  const [shown, show] = useOptimistic(settings, (before, body: Partial<MemorySettings>) => ({ ...before, ...body }));

  async function set(body: Partial<MemorySettings>): Promise<void> {
    const save = (values: Partial<MemorySettings>) =>
      api.call('changeMemorySettings', { params: { id: characterId }, body: values });
    show(body);
    if ((await change(save(body))) === undefined || body.paused === undefined) return;
    const { paused } = body;
    showToast({
      text: paused ? t('memory:settings.pausedToast', { name }) : t('memory:settings.resumedToast', { name }),
      action: { label: t('common:undo'), run: () => void change(save({ paused: !paused })) },
    });
  }

  const setSoon = (body: Partial<MemorySettings>) => startTransition(() => set(body));

  return (
    <div>
      <Panel title={t('memory:settings.title', { name })}>
        <Switch
          label={t('memory:settings.paused')}
          description={t('memory:settings.pausedHint', { name })}
          checked={shown.paused}
          onChange={(event) => setSoon({ paused: event.currentTarget.checked })}
        />
        {SWITCHES.map((key) => (
          <Switch
            key={key}
            label={t(`memory:settings.${key}`)}
            description={t(`memory:settings.${key}Hint`, { name })}
            checked={shown[key]}
            onChange={(event) => setSoon({ [key]: event.currentTarget.checked })}
          />
        ))}
        <p>{embedding === null ? <WordsOnly /> : t('memory:settings.embedding', { model: embedding })}</p>
      </Panel>
      <MemoryRules characterId={characterId} name={name} />
      <MemoryFilePanel characterId={characterId} name={name} />
    </div>
  );
}
