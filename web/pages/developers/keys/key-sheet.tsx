import { Button, Checkbox, NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keyScopeSchema } from '../../../../contract/accounts.ts';
import type { KeyScope } from '../../../../contract/accounts.ts';
import type { PlatformKey, ShownKey } from '../../../../contract/platform-keys.ts';
import { api } from '../../../state/api.ts';
import { useGuard } from '../../../state/use-guard.ts';
import { ButtonRow } from '../../../ui/button-row.tsx';
import { Sheet } from '../../../ui/sheet.tsx';
import { modelsQuery, teamsQuery } from '../developer-queries.ts';
import classes from '../developers.module.css';
import { keepFreshKey } from '../fresh-keys.ts';

const DAY_IN_MS = 86_400_000;
const LIFETIMES = { keep: null, never: null, month: 30 * DAY_IN_MS, quarter: 90 * DAY_IN_MS, year: 365 * DAY_IN_MS };
type Lifetime = keyof typeof LIFETIMES;

interface KeyDraft {
  name: string;
  scope: KeyScope;
  teamId: string | null;
  models: readonly string[] | null;
  requestsPerMinute: number | null;
  tokensPerMinute: number | null;
  lifetime: Lifetime;
}

export interface KeySheetProps {
  /** Null = a new one. */
  entry: PlatformKey | null;
  onClose: () => void;
  onShown: (shown: ShownKey) => void;
}

/** Makes a key, or changes what one may do. */
export function KeySheet({ entry, onClose, onShown }: KeySheetProps) {
  const { t } = useTranslation(['developers', 'common']);
  const [draft, setDraft] = useState(() => draftOf(entry));
  const save = useSaveKey({ entry, onClose, onShown });
  const change = (some: Partial<KeyDraft>) => setDraft((before) => ({ ...before, ...some }));
  const title = entry === null ? t('developers:keys.newTitle') : t('developers:keys.editTitle', { name: entry.name });
  return (
    <Sheet title={title} onClose={onClose}>
      <form
        className={classes['form']}
        onSubmit={(event) => {
          event.preventDefault();
          void save(draft);
        }}
      >
        <TextInput
          label={t('developers:keys.name')}
          placeholder={t('developers:keys.namePlaceholder')}
          value={draft.name}
          maxLength={80}
          data-autofocus
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        {entry === null && <BelongingFields draft={draft} onChange={change} />}
        <LimitFields draft={draft} isNew={entry === null} onChange={change} />
        <ModelFields models={draft.models} onChange={(models) => change({ models })} />
        <ButtonRow>
          <Button variant="default" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" disabled={draft.name.trim() === ''}>
            {entry === null ? t('developers:keys.create') : t('common:save')}
          </Button>
        </ButtonRow>
      </form>
    </Sheet>
  );
}

interface FieldsProps {
  draft: KeyDraft;
  onChange: (some: Partial<KeyDraft>) => void;
}

/** What a key is for and who pays: chosen once. */
function BelongingFields({ draft, onChange }: FieldsProps) {
  const { t } = useTranslation('developers');
  const { data: teams } = useQuery(teamsQuery);
  const own = teams?.filter(({ role }) => role !== 'viewer') ?? [];
  return (
    <>
      <NativeSelect
        label={t('keys.scope')}
        value={draft.scope}
        data={keyScopeSchema.options.toReversed().map((value) => ({ value, label: t(`keys.scopes.${value}`) }))}
        onChange={(event) => onChange({ scope: keyScopeSchema.parse(event.currentTarget.value) })}
      />
      {own.length > 0 && (
        <NativeSelect
          label={t('keys.payer')}
          value={draft.teamId ?? ''}
          data={[{ value: '', label: t('keys.myself') }, ...own.map(({ id, name }) => ({ value: id, label: name }))]}
          onChange={(event) => onChange({ teamId: event.currentTarget.value || null })}
        />
      )}
    </>
  );
}

function LimitFields({ draft, isNew, onChange }: FieldsProps & { isNew: boolean }) {
  const { t } = useTranslation('developers');
  const lifetimes = (Object.keys(LIFETIMES) as Lifetime[]).filter((value) => !isNew || value !== 'keep');
  const shared = { min: 1, max: 10_000_000, allowDecimal: false, hideControls: true, placeholder: t('keys.unlimited') };
  return (
    <div className={classes['fields']}>
      <NativeSelect
        label={t('keys.lifetime')}
        value={draft.lifetime}
        data={lifetimes.map((value) => ({ value, label: t(`keys.lifetimes.${value}`) }))}
        onChange={(event) => onChange({ lifetime: event.currentTarget.value as Lifetime })}
      />
      <NumberInput
        {...shared}
        label={t('keys.requestsPerMinute')}
        value={draft.requestsPerMinute ?? ''}
        onChange={(value) => onChange({ requestsPerMinute: typeof value === 'number' ? value : null })}
      />
      <NumberInput
        {...shared}
        label={t('keys.tokensPerMinute')}
        value={draft.tokensPerMinute ?? ''}
        onChange={(value) => onChange({ tokensPerMinute: typeof value === 'number' ? value : null })}
      />
    </div>
  );
}

function ModelFields({
  models,
  onChange,
}: {
  models: readonly string[] | null;
  onChange: (models: readonly string[] | null) => void;
}) {
  const { t } = useTranslation('developers');
  const { data: offered } = useQuery(modelsQuery);
  // Those that are not offered any more can still be taken away.
  const names = [...new Set([...(offered ?? []).map(({ id }) => id), ...(models ?? [])])];
  return (
    <fieldset className={classes['choices']}>
      <legend>{t('keys.models')}</legend>
      <Checkbox
        size="md"
        label={t('keys.allModels')}
        checked={models === null}
        onChange={(event) => onChange(event.currentTarget.checked ? null : [])}
      />
      {models !== null &&
        names.map((name) => (
          <Checkbox
            size="md"
            key={name}
            label={name}
            checked={models.includes(name)}
            onChange={(event) =>
              onChange(event.currentTarget.checked ? [...models, name] : models.filter((one) => one !== name))
            }
          />
        ))}
    </fieldset>
  );
}

function draftOf(entry: PlatformKey | null): KeyDraft {
  return {
    name: entry?.name ?? '',
    scope: 'models',
    teamId: null,
    models: entry?.models ?? null,
    requestsPerMinute: entry?.requestsPerMinute ?? null,
    tokensPerMinute: entry?.tokensPerMinute ?? null,
    lifetime: entry === null ? 'never' : 'keep',
  };
}

function useSaveKey({ entry, onClose, onShown }: KeySheetProps): (draft: KeyDraft) => Promise<void> {
  const guard = useGuard();
  const queryClient = useQueryClient();
  return async ({ name, scope, teamId, models, requestsPerMinute, tokensPerMinute, lifetime }) => {
    const lasts = LIFETIMES[lifetime];
    const expiresAt = lasts === null ? null : Date.now() + lasts;
    const limits = { name, models: models === null ? null : [...models], requestsPerMinute, tokensPerMinute };
    if (entry === null) {
      const body = { ...limits, scopes: [scope], teamId, expiresAt };
      const shown = await guard(api.call('createPlatformKey', { body }));
      if (shown === undefined) return;
      keepFreshKey(shown.entry.id, shown.key);
      onShown(shown);
    } else {
      const body = lifetime === 'keep' ? limits : { ...limits, expiresAt };
      if ((await guard(api.call('changePlatformKey', { params: { id: entry.id }, body }))) === undefined) return;
      onClose();
    }
    await queryClient.invalidateQueries({ queryKey: ['platform', 'keys'] });
  };
}
