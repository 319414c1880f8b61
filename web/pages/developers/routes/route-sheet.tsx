import { Button, NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { modelRouteSchema } from '../../../../contract/routes.ts';
import type { ModelRoute, RouteTarget } from '../../../../contract/routes.ts';
import { api } from '../../../state/api.ts';
import { modelChoicesQuery } from '../../../state/queries.ts';
import { useGuard } from '../../../state/use-guard.ts';
import { ButtonRow } from '../../../ui/button-row.tsx';
import { Sheet } from '../../../ui/sheet.tsx';
import classes from '../developers.module.css';
import { routesQuery } from './routes-query.ts';

const STICKY = ['none', 'conversation', 'prefix'] as const;

/** Makes a route, or changes what answers under its name. */
export function RouteSheet({ route, onClose }: { route: ModelRoute | null; onClose: () => void }) {
  const { t } = useTranslation(['developers', 'common']);
  const guard = useGuard();
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState<Partial<ModelRoute>>(route ?? { name: '', targets: [] });
  const whole = modelRouteSchema.safeParse(draft);
  async function save(body: ModelRoute): Promise<void> {
    if ((await guard(api.call('saveRoute', { body }))) === undefined) return;
    await queryClient.invalidateQueries({ queryKey: routesQuery.queryKey });
    onClose();
  }
  return (
    <Sheet title={t('developers:routes.title')} onClose={onClose}>
      <form
        className={classes['form']}
        onSubmit={(event) => {
          event.preventDefault();
          if (whole.success) void save(whole.data);
        }}
      >
        <TextInput
          label={t('developers:routes.name')}
          value={draft.name ?? ''}
          disabled={route !== null}
          onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
        />
        <Targets targets={draft.targets ?? []} onChange={(targets) => setDraft({ ...draft, targets })} />
        <NativeSelect
          label={t('developers:routes.keepsTo')}
          value={draft.sticky ?? 'prefix'}
          data={STICKY.map((value) => ({ value, label: t(`developers:routes.sticky.${value}`) }))}
          onChange={(event) =>
            setDraft({ ...draft, sticky: modelRouteSchema.shape.sticky.parse(event.currentTarget.value) })
          }
        />
        <ButtonRow>
          <Button variant="default" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" disabled={!whole.success}>
            {t('common:save')}
          </Button>
        </ButtonRow>
      </form>
    </Sheet>
  );
}

interface TargetsProps {
  targets: readonly RouteTarget[];
  onChange: (targets: RouteTarget[]) => void;
}

function Targets({ targets, onChange }: TargetsProps) {
  const { t } = useTranslation('developers');
  const { data: choices } = useQuery(modelChoicesQuery);
  const unused = (choices ?? []).filter(({ ref }) => targets.every((target) => target.ref !== ref));
  const change = (ref: string, some: Partial<RouteTarget>) =>
    onChange(targets.map((target) => (target.ref === ref ? { ...target, ...some } : target)));
  return (
    <>
      {targets.map(({ ref, weight, priority }) => (
        <div key={ref} className={classes['bar']}>
          <span className={classes['grow']}>{ref}</span>
          <NumberInput
            label={t('routes.priority')}
            w={90}
            min={0}
            max={99}
            value={priority}
            onChange={(value) => change(ref, { priority: Number(value) })}
          />
          <NumberInput
            label={t('routes.weight')}
            w={90}
            min={1}
            max={1000}
            value={weight}
            onChange={(value) => change(ref, { weight: Number(value) })}
          />
          <Button
            variant="subtle"
            aria-label={t('routes.takeOut', { ref })}
            onClick={() => onChange(targets.filter((target) => target.ref !== ref))}
          >
            {t('limits.remove')}
          </Button>
        </div>
      ))}
      <NativeSelect
        label={t('routes.addTarget')}
        value=""
        data={[{ value: '', label: t('limits.choose') }, ...unused.map(({ ref, label }) => ({ value: ref, label }))]}
        onChange={(event) => {
          const ref = event.currentTarget.value;
          if (ref !== '') onChange([...targets, { ref, weight: 1, priority: 0 }]);
        }}
      />
    </>
  );
}
