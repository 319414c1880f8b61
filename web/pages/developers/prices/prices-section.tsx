import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PriceVersion } from '../../../../contract/platform-books.ts';
import { IconPlus } from '../../../ui/icons.ts';
import { Panel, PanelList, PanelRow } from '../../../ui/panel.tsx';
import { pricesQuery } from '../developer-queries.ts';
import classes from '../developers.module.css';
import { formatMoney } from '../format-money.ts';
import { ANY_REF, PRICE_NAMES } from './price-names.ts';
import { PriceSheet } from './price-sheet.tsx';

/** What models cost: the owner's to set. Calls under way keep the prices with which they began. */
export function PricesSection() {
  const { t } = useTranslation('developers');
  const { data } = useQuery(pricesQuery);
  const [editing, setEditing] = useState<PriceVersion | 'new' | null>(null);
  return (
    <>
      <Panel>
        <div className={classes['bar']}>
          <p className={`${classes['grow']} ${classes['soft']}`}>{t('prices.hint')}</p>
          <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setEditing('new')}>
            {t('prices.add')}
          </Button>
        </div>
        {data?.prices.length === 0 && <p className={classes['empty']}>{t('prices.empty')}</p>}
        <PanelList>
          {data?.prices.map((version) => (
            <PriceRow key={version.id} version={version} currency={data.currency} onEdit={() => setEditing(version)} />
          ))}
        </PanelList>
      </Panel>
      {editing !== null && data !== undefined && (
        <PriceSheet
          version={editing === 'new' ? null : editing}
          currency={data.currency}
          onClose={() => setEditing(null)}
        />
      )}
    </>
  );
}

interface PriceRowProps {
  version: PriceVersion;
  currency: string;
  onEdit: () => void;
}

function PriceRow({ version: { ref, prices }, currency, onEdit }: PriceRowProps) {
  const { t } = useTranslation('developers');
  const facts = PRICE_NAMES.flatMap((name) => {
    const price = prices[name];
    return price === undefined ? [] : [`${t(`prices.names.${name}`)} ${formatMoney(price, currency)}`];
  });
  const title = ref === ANY_REF ? t('prices.any') : ref;
  return (
    <PanelRow title={title} detail={facts.length === 0 ? t('prices.free') : facts.join(' · ')}>
      <Button variant="default" aria-label={t('prices.editOf', { name: title })} onClick={onEdit}>
        {t('prices.edit')}
      </Button>
    </PanelRow>
  );
}
