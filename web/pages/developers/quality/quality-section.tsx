import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Suspense, lazy, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OpenboxRun, OpenboxScore } from '../../../../contract/openbox.ts';
import { api } from '../../../state/api.ts';
import { formatDateTime, formatNumber } from '../../../state/format.ts';
import { LoadingPage } from '../../../ui/loading-page.tsx';
import { Panel } from '../../../ui/panel.tsx';
import classes from '../developers.module.css';

const QualityChart = lazy(async () => ({ default: (await import('./quality-chart.tsx')).QualityChart }));

/** Open-box usability as a curve: the share of frozen tasks that just worked, for each version of a model. */
export function QualitySection() {
  const { t } = useTranslation('developers');
  const { data } = useQuery({
    queryKey: ['platform', 'openbox'],
    queryFn: ({ signal }) => api.call('openbox', { signal }),
  });
  const [chosen, setChosen] = useState<string | null>(null);
  if (data === undefined) return <LoadingPage />;
  const { suite, runs } = data;
  const models = [...new Set(runs.map(({ model }) => model))];
  const model = chosen ?? models[0];
  const shown = runs.filter((run) => run.model === model);
  const latest = shown[0];
  return (
    <>
      <Panel lead={t('quality.suite', { tasks: suite.tasks, version: suite.version })}>
        <p className={classes['soft']}>{t('quality.how')}</p>
        {runs.length === 0 && <p className={classes['empty']}>{t('quality.empty')}</p>}
        {models.length > 1 && (
          <NativeSelect
            label={t('quality.model')}
            value={model}
            data={models}
            onChange={(event) => setChosen(event.currentTarget.value)}
          />
        )}
      </Panel>
      {latest !== undefined && (
        <>
          <Panel title={t('quality.curve')}>
            <Suspense fallback={<LoadingPage />}>
              <QualityChart runs={shown.toReversed()} />
            </Suspense>
            <RunTable runs={shown} />
          </Panel>
          <Panel title={t('quality.latest', { model: latest.modelVersion })}>
            <CategoryTable run={latest} />
          </Panel>
        </>
      )}
    </>
  );
}

/** A share as percent. */
const percent = (share: number) => `${formatNumber(share * 100, 1)} %`;

function ScoreCells({ score }: { score: OpenboxScore }) {
  const { pass } = score;
  return (
    <>
      <td data-number>{pass === null ? '–' : percent(pass.share)}</td>
      <td data-number>{pass === null ? '–' : `${percent(pass.low)} – ${percent(pass.high)}`}</td>
      <td data-number>{formatNumber(score.errors)}</td>
      <td data-number>{formatNumber(score.tasks)}</td>
    </>
  );
}

function ScoreHeads() {
  const { t } = useTranslation('developers');
  return (
    <>
      <th scope="col" data-number>
        {t('quality.passed')}
      </th>
      <th scope="col" data-number>
        {t('quality.interval')}
      </th>
      <th scope="col" data-number>
        {t('quality.errors')}
      </th>
      <th scope="col" data-number>
        {t('quality.tasks')}
      </th>
    </>
  );
}

function RunTable({ runs }: { runs: readonly OpenboxRun[] }) {
  const { t } = useTranslation('developers');
  return (
    // A scrolling region must be reachable by keyboard (WCAG 2.1.1).
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={classes['scroller']} role="region" aria-label={t('quality.table')} tabIndex={0}>
      <table className={classes['table']}>
        <thead>
          <tr>
            <th scope="col">{t('quality.version')}</th>
            <th scope="col">{t('quality.when')}</th>
            <ScoreHeads />
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr key={run.id}>
              <th scope="row">
                {run.modelVersion}
                {run.sample < 1 && ` · ${t('quality.sample', { share: formatNumber(run.sample * 100) })}`}
              </th>
              <td>{formatDateTime(run.startedAt)}</td>
              <ScoreCells score={run.score} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function CategoryTable({ run }: { run: OpenboxRun }) {
  const { t } = useTranslation('developers');
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={classes['scroller']} role="region" aria-label={t('quality.categoryTable')} tabIndex={0}>
      <table className={classes['table']}>
        <thead>
          <tr>
            <th scope="col">{t('quality.category')}</th>
            <ScoreHeads />
          </tr>
        </thead>
        <tbody>
          {run.categories.map(({ category, score }) => (
            <tr key={category}>
              <th scope="row">{t(`quality.categories.${category}`)}</th>
              <ScoreCells score={score} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
