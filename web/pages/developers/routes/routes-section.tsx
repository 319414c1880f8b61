import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelRoute, RoutesView } from '../../../../contract/routes.ts';
import { api } from '../../../state/api.ts';
import { formatNumber } from '../../../state/format.ts';
import { useGuard } from '../../../state/use-guard.ts';
import { IconPlus } from '../../../ui/icons.ts';
import { Panel } from '../../../ui/panel.tsx';
import classes from '../developers.module.css';
import { RouteSheet } from './route-sheet.tsx';
import { routesQuery } from './routes-query.ts';

/** One name for several models: what answers under it, in which order, and how each is doing. */
export function RoutesSection() {
  const { t } = useTranslation('developers');
  const { data } = useQuery(routesQuery);
  const [editing, setEditing] = useState<ModelRoute | 'new' | null>(null);
  return (
    <>
      <Panel>
        <div className={classes['bar']}>
          <p className={`${classes['grow']} ${classes['soft']}`}>{t('routes.hint')}</p>
          <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setEditing('new')}>
            {t('routes.add')}
          </Button>
        </div>
        {data !== undefined && data.fileError !== null && (
          <p role="alert" className={classes['fault']}>
            {t('routes.fileError', { error: data.fileError })}
          </p>
        )}
        {data?.routes.length === 0 && <p className={classes['empty']}>{t('routes.empty')}</p>}
      </Panel>
      {data?.routes.map((one) => (
        <RoutePanel key={one.route.name} view={one} onEdit={() => setEditing(one.route)} />
      ))}
      {editing !== null && <RouteSheet route={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
    </>
  );
}

interface RoutePanelProps {
  view: RoutesView['routes'][number];
  onEdit: () => void;
}

const formatTime = (time: number | null) => (time === null ? '–' : formatNumber(time));

function RoutePanel({ view: { route, source, targets }, onEdit }: RoutePanelProps) {
  const { t } = useTranslation('developers');
  const guard = useGuard();
  const queryClient = useQueryClient();
  const { name } = route;
  return (
    <Panel title={name} lead={source === 'file' ? t('routes.fromFile') : t(`routes.sticky.${route.sticky}`)}>
      {/* A scrolling region must be reachable by keyboard (WCAG 2.1.1). */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={classes['scroller']} role="region" aria-label={t('routes.table', { name })} tabIndex={0}>
        <table className={classes['table']}>
          <TargetHeads />
          <tbody>
            {route.targets.map(({ ref, priority, weight }) => {
              const health = targets.find((target) => target.ref === ref);
              return (
                <tr key={ref}>
                  <th scope="row">{ref}</th>
                  <td data-number>{priority}</td>
                  <td data-number>{weight}</td>
                  <td>{health && t(`routes.states.${health.state}`)}</td>
                  <td data-number>{formatTime(health?.firstByteInMs ?? null)}</td>
                  <td data-number>{health?.load ?? 0}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {source === 'app' && (
        <div className={classes['bar']}>
          <Button variant="default" aria-label={t('routes.editOf', { name })} onClick={onEdit}>
            {t('keys.edit')}
          </Button>
          <Button
            variant="default"
            aria-label={t('routes.removeOf', { name })}
            onClick={() =>
              void guard(api.call('removeRoute', { query: { name } })).then(() =>
                queryClient.invalidateQueries({ queryKey: routesQuery.queryKey }),
              )
            }
          >
            {t('limits.remove')}
          </Button>
        </div>
      )}
    </Panel>
  );
}

function TargetHeads() {
  const { t } = useTranslation('developers');
  return (
    <thead>
      <tr>
        <th scope="col">{t('routes.target')}</th>
        <th scope="col" data-number>
          {t('routes.priority')}
        </th>
        <th scope="col" data-number>
          {t('routes.weight')}
        </th>
        <th scope="col">{t('routes.health')}</th>
        <th scope="col" data-number>
          {t('routes.firstWords')}
        </th>
        <th scope="col" data-number>
          {t('routes.load')}
        </th>
      </tr>
    </thead>
  );
}
