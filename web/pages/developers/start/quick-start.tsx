import { NativeSelect, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { modelChoicesQuery } from '../../../state/queries.ts';
import { useMe } from '../../../state/use-me.ts';
import { CopyField } from '../../../ui/copy-field.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { CodePanel } from '../code-panel.tsx';
import { EXAMPLE_TASKS, exampleOf } from '../code/example-tasks.ts';
import type { ExampleTask } from '../code/example-tasks.ts';
import { CODE_LANGUAGES, CODE_NAMES } from '../code/v1-example.ts';
import type { CodeLanguage } from '../code/v1-example.ts';
import { setupOf, writeCode } from '../code/write-code.ts';
import { modelsQuery, platformKeysQuery } from '../developer-queries.ts';
import classes from '../developers.module.css';
import { useFreshKeys } from '../fresh-keys.ts';
import { isUsable } from '../keys/key-state.ts';
import { CHARACTER, talkingNames } from '../talking-models.ts';
import { TestRequest } from './test-request.tsx';

/** What says itself who speaks. */
const WITHOUT_MODEL: readonly ExampleTask[] = ['speech', 'character'];

/** From nothing to an answer, in the language one writes. */
export function QuickStart() {
  const { t } = useTranslation('developers');
  const [task, setTask] = useState<ExampleTask>('chat');
  const [language, setLanguage] = useState<CodeLanguage>('curl');
  const chosen = useChosenKey();
  const names = useNames();
  const baseUrl = `${location.origin}/v1`;
  const example = exampleOf(task, { model: names.model ?? 'MODEL', character: names.character ?? `${CHARACTER}mira` });
  const setup = setupOf(language, example);
  // The text of a key is known only to the window in which it was made.
  const key = chosen.text ?? (chosen.prefix === undefined ? 'YOUR_KEY' : `${chosen.prefix}…`);
  return (
    <>
      <Panel title={t('start.address')} lead={t('start.addressHint')}>
        <CopyField value={baseUrl} label={t('start.copyAddress')} />
        {chosen.picker}
      </Panel>
      <Panel title={t('start.ask')}>
        <div className={classes['bar']}>
          <NativeSelect
            label={t('start.task')}
            value={task}
            data={EXAMPLE_TASKS.map((value) => ({ value, label: t(`start.tasks.${value}`) }))}
            onChange={(event) => setTask(event.currentTarget.value as ExampleTask)}
          />
          {!WITHOUT_MODEL.includes(task) && names.picker}
        </div>
        <p className={classes['soft']}>{t(`start.taskHints.${task}`)}</p>
        <div className={classes['scroller']}>
          <SegmentedControl
            aria-label={t('start.language')}
            value={language}
            data={CODE_LANGUAGES.map((value) => ({ value, label: CODE_NAMES[value] }))}
            onChange={(value) => setLanguage(value)}
          />
        </div>
        {setup !== null && (
          <>
            <CodePanel name={t('start.setup')} code={setup.install} />
            <p className={classes['soft']}>{t('start.setupHint', { file: setup.file, command: setup.run })}</p>
          </>
        )}
        <CodePanel name={CODE_NAMES[language]} code={writeCode(language, example, { baseUrl, key })} />
        {chosen.text === undefined && <p className={classes['soft']}>{t('start.keyHint')}</p>}
        <TestRequest example={example} apiKey={chosen.text} />
      </Panel>
    </>
  );
}

/** Which key stands in the code, and how to choose another. */
function useChosenKey() {
  const { t } = useTranslation('developers');
  const me = useMe();
  const { data: keys } = useQuery(platformKeysQuery);
  const fresh = useFreshKeys();
  const [chosenId, setChosenId] = useState<string | null>(null);
  const usable = keys?.filter((key) => isUsable(key, me.id)) ?? [];
  const key = usable.find(({ id }) => id === chosenId) ?? usable.find(({ id }) => fresh[id] !== undefined) ?? usable[0];
  const picker =
    keys === undefined ? null : key === undefined ? (
      <p className={classes['empty']}>
        {t('start.noKey')}{' '}
        <Link to="/developers/$section" params={{ section: 'keys' }}>
          {t('start.makeKey')}
        </Link>
      </p>
    ) : (
      <NativeSelect
        label={t('start.key')}
        value={key.id}
        data={usable.map(({ id, name, prefix }) => ({ value: id, label: `${name} (${prefix}…)` }))}
        onChange={(event) => setChosenId(event.currentTarget.value)}
      />
    );
  return { text: key && fresh[key.id], prefix: key?.prefix, picker };
}

/** Which model stands in the code, and how to choose another. */
function useNames() {
  const { t } = useTranslation('developers');
  const { data: models } = useQuery(modelsQuery);
  const { data: choices } = useQuery(modelChoicesQuery);
  const [chosen, setChosen] = useState<string | null>(null);
  const ids = models && choices ? talkingNames(models, choices) : [];
  const plain = ids.filter((id) => !id.startsWith(CHARACTER));
  const model = plain.find((id) => id === chosen) ?? plain[0];
  const picker = plain.length > 0 && (
    <NativeSelect
      label={t('start.model')}
      value={model}
      data={plain}
      onChange={(event) => setChosen(event.currentTarget.value)}
    />
  );
  return { model, character: ids.find((id) => id.startsWith(CHARACTER)), picker };
}
