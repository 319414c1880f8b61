import { Button, NativeSelect, NumberInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Prices } from '../../../../contract/metering.ts';
import type { PriceVersion } from '../../../../contract/platform-books.ts';
import { api } from '../../../state/api.ts';
import { formatDateTime } from '../../../state/format.ts';
import { modelChoicesQuery } from '../../../state/queries.ts';
import { useGuard } from '../../../state/use-guard.ts';
import { ButtonRow } from '../../../ui/button-row.tsx';
import { Sheet } from '../../../ui/sheet.tsx';
import classes from '../developers.module.css';
import { NANO, formatMoney } from '../format-money.ts';
import { ANY_REF, PRICE_NAMES } from './price-names.ts';

export interface PriceSheetProps {
  /** What is in force; null = of a model that has none yet. */
  version: PriceVersion | null;
  currency: string;
  onClose: () => void;
}

/** Sets the prices of a model from now on. */
export function PriceSheet({ version, currency, onClose }: PriceSheetProps) {
  const { t } = useTranslation(['developers', 'common']);
  const guard = useGuard();
  const queryClient = useQueryClient();
  const [ref, setRef] = useState(version?.ref ?? ANY_REF);
  const [prices, setPrices] = useState<Prices>(version?.prices ?? {});
  async function save(): Promise<void> {
    if ((await guard(api.call('setPrices', { body: { ref, prices } }))) === undefined) return;
    await queryClient.invalidateQueries({ queryKey: ['platform', 'prices'] });
    onClose();
  }
  return (
    <Sheet title={t('developers:prices.title')} onClose={onClose}>
      <form
        className={classes['form']}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <ModelSelect version={version} value={ref} onChange={setRef} />
        <p className={classes['soft']}>{t('developers:prices.unit', { currency })}</p>
        <div className={classes['fields']}>
          {PRICE_NAMES.map((name) => (
            <NumberInput
              key={name}
              label={t(`developers:prices.names.${name}`)}
              placeholder={t('developers:prices.free')}
              min={0}
              decimalScale={6}
              hideControls
              value={prices[name] === undefined ? '' : prices[name] / NANO}
              onChange={(value) => setPrices(withPrice(prices, name, value))}
            />
          ))}
          <NumberInput
            label={t('developers:prices.batch')}
            placeholder="100"
            min={0}
            max={100}
            decimalScale={0}
            suffix=" %"
            hideControls
            value={prices.batchPercent ?? ''}
            onChange={(value) => setPrices(withBatch(prices, value))}
          />
        </div>
        {version !== null && <History priceRef={version.ref} currency={currency} />}
        <ButtonRow>
          <Button variant="default" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button type="submit">{t('common:save')}</Button>
        </ButtonRow>
      </form>
    </Sheet>
  );
}

function ModelSelect({
  version,
  value,
  onChange,
}: Pick<PriceSheetProps, 'version'> & { value: string; onChange: (ref: string) => void }) {
  const { t } = useTranslation('developers');
  const { data: choices } = useQuery(modelChoicesQuery);
  return (
    <NativeSelect
      label={t('prices.model')}
      value={value}
      disabled={version !== null}
      data={[
        { value: ANY_REF, label: t('prices.any') },
        ...(choices ?? []).map((choice) => ({ value: choice.ref, label: choice.label })),
        ...(version === null || version.ref === ANY_REF ? [] : [{ value: version.ref, label: version.ref }]),
      ].filter((choice, index, all) => all.findIndex((one) => one.value === choice.value) === index)}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

function withPrice(prices: Prices, name: (typeof PRICE_NAMES)[number], value: string | number): Prices {
  const { [name]: _before, ...others } = prices;
  return typeof value === 'number' ? { ...others, [name]: Math.round(value * NANO) } : others;
}

function withBatch({ batchPercent: _before, ...prices }: Prices, value: string | number): Prices {
  return typeof value === 'number' ? { ...prices, batchPercent: Math.min(100, Math.max(0, value)) } : prices;
}

function History({ priceRef, currency }: { priceRef: string; currency: string }) {
  const { t } = useTranslation('developers');
  const { data: versions } = useQuery({
    queryKey: ['platform', 'prices', priceRef],
    queryFn: async ({ signal }) => (await api.call('priceHistory', { query: { ref: priceRef }, signal })).versions,
  });
  if (versions === undefined || versions.length < 2) return null;
  return (
    <details>
      <summary>{t('prices.history', { count: versions.length })}</summary>
      <ul className={classes['history']}>
        {versions.map(({ id, createdAt, prices }) => (
          <li key={id}>
            {formatDateTime(createdAt)}
            {PRICE_NAMES.map((name) => {
              const price = prices[name];
              return price === undefined ? '' : ` · ${t(`prices.names.${name}`)} ${formatMoney(price, currency)}`;
            })}
          </li>
        ))}
      </ul>
    </details>
  );
}
