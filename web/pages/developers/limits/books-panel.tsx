import { Button, Checkbox, NativeSelect, NumberInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BooksSettings } from '../../../../contract/platform-books.ts';
import { api } from '../../../state/api.ts';
import { showToast } from '../../../state/toasts.ts';
import { useGuard } from '../../../state/use-guard.ts';
import { Panel } from '../../../ui/panel.tsx';
import { booksSettingsQuery } from '../developer-queries.ts';
import classes from '../developers.module.css';
import { NANO } from '../format-money.ts';

/** In which money the books are kept, when days and months begin, and what new people may spend. */
export function BooksPanel() {
  const { t } = useTranslation('developers');
  const { data: settings } = useQuery(booksSettingsQuery);
  return (
    <Panel title={t('books.title')} lead={t('books.lead')}>
      {settings !== undefined && <BooksForm key={JSON.stringify(settings)} settings={settings} />}
    </Panel>
  );
}

function BooksForm({ settings }: { settings: BooksSettings }) {
  const { t, i18n } = useTranslation(['developers', 'common']);
  const save = useSaveBooks();
  const [draft, setDraft] = useState(settings);
  const change = (part: Partial<BooksSettings>) => setDraft({ ...draft, ...part });
  const limit = draft.memberCreditLimit;
  return (
    <form
      className={classes['form']}
      onSubmit={(event) => {
        event.preventDefault();
        void save(draft);
      }}
    >
      <div className={classes['fields']}>
        <NativeSelect
          label={t('developers:books.currency')}
          description={t('developers:books.currencyHint')}
          value={draft.currency}
          data={currencies(draft.currency, i18n.language)}
          onChange={(event) => change({ currency: event.currentTarget.value })}
        />
        <NativeSelect
          label={t('developers:books.timeZone')}
          description={t('developers:books.timeZoneHint')}
          value={draft.timeZone}
          data={withCurrent(['UTC', ...Intl.supportedValuesOf('timeZone')], draft.timeZone)}
          onChange={(event) => change({ timeZone: event.currentTarget.value })}
        />
      </div>
      <Checkbox
        size="md"
        label={t('developers:books.noLimit')}
        checked={limit === null}
        onChange={(event) => change({ memberCreditLimit: event.currentTarget.checked ? null : 0 })}
      />
      {limit !== null && (
        <NumberInput
          label={t('developers:books.memberCredit', { currency: draft.currency })}
          description={t('developers:books.memberCreditHint')}
          min={0}
          decimalScale={6}
          hideControls
          value={limit / NANO}
          onChange={(value) => change({ memberCreditLimit: typeof value === 'number' ? Math.round(value * NANO) : 0 })}
        />
      )}
      <div>
        <Button type="submit">{t('common:save')}</Button>
      </div>
    </form>
  );
}

function useSaveBooks(): (settings: BooksSettings) => Promise<void> {
  const { t } = useTranslation('developers');
  const guard = useGuard();
  const queryClient = useQueryClient();
  return async (body) => {
    if ((await guard(api.call('saveBooksSettings', { body }))) === undefined) return;
    // Every page of the console shows money.
    await queryClient.invalidateQueries({ queryKey: ['platform'] });
    showToast({ text: t('books.saved') });
  };
}

function currencies(current: string, language: string): { value: string; label: string }[] {
  const names = new Intl.DisplayNames(language, { type: 'currency' });
  return withCurrent(Intl.supportedValuesOf('currency'), current).map((value) => ({
    value,
    label: `${value} · ${names.of(value) ?? value}`,
  }));
}

/** A browser may not know what the house has. */
function withCurrent(values: readonly string[], current: string): string[] {
  return [...new Set([...values, current])];
}
