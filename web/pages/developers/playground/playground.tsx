import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { modelChoicesQuery } from '../../../state/queries.ts';
import { LoadingPage } from '../../../ui/loading-page.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { modelsQuery } from '../developer-queries.ts';
import classes from '../developers.module.css';
import { choiceNamed, talkingNames } from '../talking-models.ts';
import { findProblem } from './build-request.ts';
import { PlaygroundCode } from './playground-code.tsx';
import { PlaygroundColumn } from './playground-column.tsx';
import { PlaygroundComposer } from './playground-composer.tsx';
import { PlaygroundSetup } from './playground-setup.tsx';
import { clearStart, takeStart } from './playground-start.ts';
import { EMPTY_SETTINGS } from './playground-types.ts';
import type { PlaygroundStart } from './read-request.ts';
import { useColumns } from './use-columns.ts';
import own from './playground.module.css';

/** More beside each other are not read any more. */
const MOST_COLUMNS = 3;

/** Where models are tried as a program would use them, over `/v1` itself. */
export function Playground() {
  const { t } = useTranslation('developers');
  const { data: models } = useQuery(modelsQuery);
  const { data: choices } = useQuery(modelChoicesQuery);
  const [start] = useState(takeStart);
  // A later visit begins with an empty page.
  useEffect(() => clearStart, []);
  if (models === undefined || choices === undefined) return <LoadingPage />;
  const names = talkingNames(models, choices);
  const first = start?.model ?? names[0];
  if (first === undefined) return <p className={classes['empty']}>{t('playground.noModels')}</p>;
  return <Bench names={[...new Set([first, ...names])]} start={start} />;
}

/** Which models look at pictures; of routes and characters only the house itself knows, and says so. */
function useEyes(): (model: string) => boolean {
  const { data: choices } = useQuery(modelChoicesQuery);
  return (model) => {
    const choice = choices && choiceNamed(choices, model);
    return choice === undefined ? choices !== undefined : choice.seesPictures;
  };
}

function Bench({ names, start }: { names: readonly string[]; start: PlaygroundStart | null }) {
  const { t } = useTranslation('developers');
  const [settings, setSettings] = useState(start?.settings ?? EMPTY_SETTINGS);
  const { columns, ...table } = useColumns({ model: start?.model ?? names[0] ?? '', turns: start?.turns ?? [] });
  const [showsCode, setShowsCode] = useState(false);
  const problem = findProblem(settings);
  const sees = useEyes();
  const unused = names.find((name) => columns.every(({ model }) => model !== name)) ?? names[0] ?? '';
  return (
    <div className={own['bench']}>
      <PlaygroundSetup
        settings={settings}
        problem={problem}
        onChange={(some) => setSettings({ ...settings, ...some })}
      />
      <Panel>
        <div className={classes['bar']}>
          {columns.length < MOST_COLUMNS && (
            <Button variant="default" onClick={() => table.add(unused)}>
              {t('playground.compare')}
            </Button>
          )}
          <Button variant="default" onClick={() => setShowsCode(true)}>
            {t('playground.code')}
          </Button>
          <Button variant="default" onClick={table.clear}>
            {t('playground.clear')}
          </Button>
        </div>
        <div className={own['columns']} data-count={columns.length}>
          {columns.map((column, index) => (
            <PlaygroundColumn
              key={column.id}
              column={column}
              place={index + 1}
              names={names}
              removable={columns.length > 1}
              onChoose={(model) => table.choose(column.id, model)}
              onRemove={() => table.remove(column.id)}
              onResults={(results) => table.ask(settings, results, column.id)}
            />
          ))}
        </div>
        <PlaygroundComposer
          initial={start?.draft ?? ''}
          busy={table.busy}
          blocked={problem !== null}
          seesPictures={columns.every(({ model }) => sees(model))}
          onSend={(turn) => table.ask(settings, [turn])}
          onStop={table.stop}
        />
      </Panel>
      {showsCode && <PlaygroundCode settings={settings} columns={columns} onClose={() => setShowsCode(false)} />}
    </div>
  );
}
