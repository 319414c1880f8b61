import { Button, Checkbox, NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Plan } from '../../../../contract/platform-books.ts';
import { api } from '../../../state/api.ts';
import { usersQuery } from '../../../state/queries.ts';
import { useGuard } from '../../../state/use-guard.ts';
import { Panel, PanelList, PanelRow } from '../../../ui/panel.tsx';
import { plansQuery } from '../developer-queries.ts';
import classes from '../developers.module.css';
import { NANO, formatMoney } from '../format-money.ts';

/** Credit that people of the house get every month. */
export function PlansPanel() {
  const { t } = useTranslation('developers');
  const change = usePlanChange();
  const { data } = useQuery(plansQuery);
  const { data: users } = useQuery(usersQuery);
  const currency = data?.currency ?? 'USD';
  return (
    <Panel title={t('plans.title')} lead={t('plans.lead')}>
      <PanelList>
        {data?.plans.map((plan) => (
          <PanelRow
            key={plan.id}
            title={plan.name}
            detail={`${t('plans.monthly', { value: formatMoney(plan.allowance, currency) })} · ${t('plans.people', { count: plan.members.length })}`}
          >
            <Button
              variant="default"
              aria-label={t('plans.removeOf', { name: plan.name })}
              onClick={() => void change(api.call('deletePlan', { params: { id: plan.id } }))}
            >
              {t('limits.remove')}
            </Button>
          </PanelRow>
        ))}
      </PanelList>
      <NewPlan currency={currency} />
      {data !== undefined && data.plans.length > 0 && (
        <PanelList>
          {users?.map(({ id, name, username }) => (
            <PersonRow key={id} id={id} name={name || username || id} plans={data.plans} />
          ))}
        </PanelList>
      )}
    </Panel>
  );
}

function usePlanChange(): (work: Promise<unknown>) => Promise<boolean> {
  const guard = useGuard();
  const queryClient = useQueryClient();
  return async (work) => {
    const done = (await guard(work.then(() => true))) ?? false;
    if (done) await queryClient.invalidateQueries({ queryKey: ['platform', 'plans'] });
    return done;
  };
}

function PersonRow({ id, name, plans }: { id: string; name: string; plans: readonly Plan[] }) {
  const { t } = useTranslation('developers');
  const change = usePlanChange();
  return (
    <PanelRow title={name}>
      <NativeSelect
        aria-label={t('plans.planOf', { name })}
        value={plans.find(({ members }) => members.includes(id))?.id ?? ''}
        data={[{ value: '', label: t('plans.none') }, ...plans.map((plan) => ({ value: plan.id, label: plan.name }))]}
        onChange={(event) =>
          void change(api.call('choosePlan', { params: { id }, body: { planId: event.currentTarget.value || null } }))
        }
      />
    </PanelRow>
  );
}

function NewPlan({ currency }: { currency: string }) {
  const { t } = useTranslation('developers');
  const change = usePlanChange();
  const [name, setName] = useState('');
  const [allowance, setAllowance] = useState<number | null>(null);
  const [rollover, setRollover] = useState(false);
  return (
    <form
      className={classes['form']}
      onSubmit={(event) => {
        event.preventDefault();
        const body = { name, allowance: Math.round((allowance ?? 0) * NANO), rollover };
        void change(api.call('createPlan', { body })).then((made) => made && setName(''));
      }}
    >
      <div className={classes['fields']}>
        <TextInput
          label={t('plans.name')}
          value={name}
          maxLength={100}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <NumberInput
          label={t('plans.allowance', { currency })}
          min={0}
          decimalScale={6}
          hideControls
          value={allowance ?? ''}
          onChange={(value) => setAllowance(typeof value === 'number' ? value : null)}
        />
      </div>
      <Checkbox
        size="md"
        label={t('plans.rollover')}
        checked={rollover}
        onChange={(event) => setRollover(event.currentTarget.checked)}
      />
      <div>
        <Button type="submit" variant="default" disabled={name.trim() === '' || allowance === null}>
          {t('plans.create')}
        </Button>
      </div>
    </form>
  );
}
