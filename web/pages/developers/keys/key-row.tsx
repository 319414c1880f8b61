import { Button, NativeSelect } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlatformKey, ShownKey } from '../../../../contract/platform-keys.ts';
import { api } from '../../../state/api.ts';
import { formatDateTime, formatNumber } from '../../../state/format.ts';
import { useGuard } from '../../../state/use-guard.ts';
import { useMe } from '../../../state/use-me.ts';
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx';
import { PanelRow } from '../../../ui/panel.tsx';
import { teamsQuery } from '../developer-queries.ts';
import { keepFreshKey } from '../fresh-keys.ts';
import { isOver } from './key-state.ts';

const HOUR_IN_MS = 3_600_000;
const OVERLAPS = { none: 0, hour: HOUR_IN_MS, day: 24 * HOUR_IN_MS, week: 7 * 24 * HOUR_IN_MS } as const;
type Overlap = keyof typeof OVERLAPS;

export interface KeyRowProps {
  entry: PlatformKey;
  onEdit: () => void;
  onShown: (shown: ShownKey) => void;
}

export function KeyRow({ entry, onEdit, onShown }: KeyRowProps) {
  const { t } = useTranslation('developers');
  const facts = useKeyFacts(entry);
  const [asking, setAsking] = useState<'rotate' | 'revoke' | null>(null);
  return (
    <PanelRow title={entry.name} detail={facts.join(' · ')}>
      {entry.manageable && !isOver(entry) && (
        <>
          <Button variant="default" aria-label={t('keys.editOf', { name: entry.name })} onClick={onEdit}>
            {t('keys.edit')}
          </Button>
          <Button
            variant="default"
            aria-label={t('keys.rotateOf', { name: entry.name })}
            onClick={() => setAsking('rotate')}
          >
            {t('keys.rotate')}
          </Button>
          <Button
            variant="default"
            aria-label={t('keys.revokeOf', { name: entry.name })}
            onClick={() => setAsking('revoke')}
          >
            {t('keys.revoke')}
          </Button>
        </>
      )}
      {asking === 'rotate' && <RotateDialog entry={entry} onClose={() => setAsking(null)} onShown={onShown} />}
      {asking === 'revoke' && <RevokeDialog entry={entry} onClose={() => setAsking(null)} />}
    </PanelRow>
  );
}

/** What one wants to know of a key at a glance. */
function useKeyFacts(entry: PlatformKey): string[] {
  const { t } = useTranslation('developers');
  const me = useMe();
  const { data: teams } = useQuery(teamsQuery);
  const team = teams?.find(({ id }) => id === entry.teamId);
  const { requestsPerMinute, tokensPerMinute, models, expiresAt, lastUsedAt, previousUntil } = entry;
  const facts = [`${entry.prefix}…`, ...entry.scopes.map((scope) => t(`keys.scopes.${scope}`))];
  if (team !== undefined) facts.push(t('keys.ofTeam', { name: team.name }));
  if (entry.userId !== me.id) facts.push(entry.userName);
  if (models !== null) facts.push(models.length === 0 ? t('keys.noModels') : models.join(', '));
  if (requestsPerMinute !== null) facts.push(t('keys.requests', { value: formatNumber(requestsPerMinute) }));
  if (tokensPerMinute !== null) facts.push(t('keys.tokens', { value: formatNumber(tokensPerMinute) }));
  if (entry.revokedAt !== null) facts.push(t('keys.revokedAt', { time: formatDateTime(entry.revokedAt) }));
  else if (expiresAt !== null) facts.push(t('keys.expiresAt', { time: formatDateTime(expiresAt) }));
  if (previousUntil !== null && previousUntil > Date.now()) {
    facts.push(t('keys.previousUntil', { time: formatDateTime(previousUntil) }));
  }
  facts.push(lastUsedAt === null ? t('keys.neverUsed') : t('keys.lastUsed', { time: formatDateTime(lastUsedAt) }));
  return facts;
}

function RotateDialog({ entry, onClose, onShown }: Omit<KeyRowProps, 'onEdit'> & { onClose: () => void }) {
  const { t } = useTranslation('developers');
  const guard = useGuard();
  const queryClient = useQueryClient();
  const [overlap, setOverlap] = useState<Overlap>('day');
  return (
    <ConfirmDialog
      title={t('keys.rotateTitle', { name: entry.name })}
      body={
        <NativeSelect
          label={t('keys.overlap')}
          description={t('keys.overlapHint')}
          value={overlap}
          data={(Object.keys(OVERLAPS) as Overlap[]).map((value) => ({ value, label: t(`keys.overlaps.${value}`) }))}
          onChange={(event) => setOverlap(event.currentTarget.value as Overlap)}
        />
      }
      confirmLabel={t('keys.rotate')}
      onClose={onClose}
      onConfirm={async () => {
        const body = { overlapInMs: OVERLAPS[overlap] };
        const shown = await guard(api.call('rotatePlatformKey', { params: { id: entry.id }, body }));
        if (shown === undefined) return;
        keepFreshKey(entry.id, shown.key);
        onShown(shown);
        await queryClient.invalidateQueries({ queryKey: ['platform', 'keys'] });
      }}
    />
  );
}

function RevokeDialog({ entry, onClose }: { entry: PlatformKey; onClose: () => void }) {
  const { t } = useTranslation('developers');
  const guard = useGuard();
  const queryClient = useQueryClient();
  return (
    <ConfirmDialog
      title={t('keys.revokeTitle', { name: entry.name })}
      body={t('keys.revokeBody')}
      confirmLabel={t('keys.revoke')}
      onClose={onClose}
      onConfirm={async () => {
        await guard(api.call('revokePlatformKey', { params: { id: entry.id } }));
        await queryClient.invalidateQueries({ queryKey: ['platform', 'keys'] });
      }}
    />
  );
}
