import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { CharacterSummary } from '../../../contract/characters.ts';
import { currentLocale } from '../../state/i18n.ts';
import { charactersQuery } from '../../state/queries.ts';
import { useErrorText } from '../../state/use-error-text.ts';
import { usePageTitle } from '../../state/use-page-title.ts';
import { IconPlus, IconUpload } from '../../ui/icons.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { CharacterGrid } from './character-grid.tsx';
import classes from './characters-page.module.css';
import { IMPORT_EVENT } from './use-import-card.ts';

export function CharactersPage() {
  const { t } = useTranslation(['characters', 'common']);
  const errorText = useErrorText();
  const query = useQuery(charactersQuery(currentLocale()));
  usePageTitle(t('characters:title'));
  return (
    <div className={classes['page']}>
      <PageHeader title={t('characters:title')}>
        <ImportButton />
        <Button component={Link} to="/characters/new" leftSection={<IconPlus size={18} aria-hidden />}>
          {t('characters:new')}
        </Button>
      </PageHeader>
      {query.isError && (
        <div role="alert">
          <p>{t('characters:loadFailed')}</p>
          <p className={classes['hint']}>{errorText(query.error)}</p>
          <Button variant="default" onClick={() => void query.refetch()}>
            {t('common:retry')}
          </Button>
        </div>
      )}
      {query.data !== undefined && <Sections characters={query.data} />}
      <p className={classes['hint']}>{t('characters:importHint')}</p>
    </div>
  );
}

function Sections({ characters }: { characters: readonly CharacterSummary[] }) {
  const { t } = useTranslation('characters');
  const own = characters.filter(({ mine }) => mine);
  const others = characters.filter(({ mine }) => !mine);
  return (
    <>
      <section className={classes['section']}>
        <h2>{t('starters')}</h2>
        <CharacterGrid characters={others} />
      </section>
      <section className={classes['section']}>
        <h2>{t('mine')}</h2>
        {own.length > 0 ? (
          <CharacterGrid characters={own} />
        ) : (
          <div className={classes['empty']}>
            <strong>{t('empty.title')}</strong>
            <p>{t('empty.body')}</p>
          </div>
        )}
      </section>
    </>
  );
}

function ImportButton() {
  const { t } = useTranslation('characters');
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        accept=".png,.json,image/png,application/json"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = '';
          if (file !== undefined) dispatchEvent(new CustomEvent(IMPORT_EVENT, { detail: file }));
        }}
      />
      <Button
        variant="default"
        leftSection={<IconUpload size={18} aria-hidden />}
        onClick={() => input.current?.click()}
      >
        {t('import')}
      </Button>
    </>
  );
}
