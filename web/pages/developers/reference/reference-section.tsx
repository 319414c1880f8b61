import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LoadingPage } from '../../../ui/loading-page.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { SearchField } from '../../../ui/search-field.tsx';
import classes from '../developers.module.css';
import { readReference } from './open-api.ts';
import type { Operation, Reference } from './open-api.ts';
import { SchemaView } from './schema-view.tsx';
import { TryOperation } from './try-operation.tsx';

const ADDRESS = '/api/openapi.json';

/** The API as this house describes it itself. */
export function ReferenceSection() {
  const { t } = useTranslation('developers');
  const [search, setSearch] = useState('');
  const { data } = useQuery({
    queryKey: ['platform', 'reference'],
    queryFn: async ({ signal }) => readReference(await (await fetch(ADDRESS, { signal })).json()),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (data === undefined) return <LoadingPage />;
  const wanted = search.trim().toLowerCase();
  const shown = data.operations.filter(({ name, summary }) => `${name} ${summary}`.toLowerCase().includes(wanted));
  return (
    <Panel>
      <SearchField
        id="find-operation"
        label={t('reference.search')}
        clearLabel={t('reference.clear')}
        value={search}
        onChange={setSearch}
      />
      {shown.length === 0 && <p className={classes['empty']}>{t('reference.empty')}</p>}
      <ul className={classes['calls']}>
        {shown.map((operation) => (
          <li key={operation.name}>
            <OperationView operation={operation} schemas={data.schemas} />
          </li>
        ))}
      </ul>
      <a href={ADDRESS}>{t('reference.download')}</a>
    </Panel>
  );
}

interface OperationViewProps {
  operation: Operation;
  schemas: Reference['schemas'];
}

/** Its parts are drawn when it is opened: all of them at once would be thousands. */
function OperationView({ operation, schemas }: OperationViewProps) {
  const { t } = useTranslation('developers');
  const [opened, setOpened] = useState(false);
  const { method, path, summary, parameters, body, answer } = operation;
  return (
    <details className={classes['operation']} onToggle={(event) => setOpened(event.currentTarget.open)}>
      <summary>
        <span className={classes['tag']} data-kind={method === 'GET' ? undefined : 'warm'}>
          {method}
        </span>
        <code>{path}</code>
        <span className={classes['soft']}>{summary}</span>
      </summary>
      {opened && (
        <div className={classes['form']}>
          {parameters.length > 0 && (
            <section aria-label={t('reference.parameters')}>
              <h3>{t('reference.parameters')}</h3>
              <SchemaView
                schemas={schemas}
                schema={{
                  type: 'object',
                  properties: Object.fromEntries(parameters.map(({ name, schema }) => [name, schema ?? {}])),
                  required: parameters.filter(({ required }) => required === true).map(({ name }) => name),
                }}
              />
            </section>
          )}
          {body !== undefined && (
            <section aria-label={t('reference.body')}>
              <h3>{t('reference.body')}</h3>
              <SchemaView schema={body} schemas={schemas} />
            </section>
          )}
          {answer !== undefined && (
            <section aria-label={t('reference.answer')}>
              <h3>{t('reference.answer')}</h3>
              <SchemaView schema={answer} schemas={schemas} />
            </section>
          )}
          <TryOperation operation={operation} schemas={schemas} />
        </div>
      )}
    </details>
  );
}
