import { Checkbox, NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { LoreEntry } from '../../../contract/lore.ts';
import type { EntryPartProps } from './entry-everything.tsx';
import classes from './entry-form.module.css';
import { KeysInput } from './keys-input.tsx';

const TRIGGERS = ['normal', 'continue', 'impersonate', 'swipe', 'regenerate', 'quiet'] as const;
const SOURCES = [
  'matchPersonaDescription',
  'matchCharacterDescription',
  'matchCharacterPersonality',
  'matchCharacterDepthPrompt',
  'matchScenario',
  'matchCreatorNotes',
] as const;

/** For whom and for which replies an entry counts, and which texts beside messages call it. */
export function EntryFilters({ entry, onChange }: EntryPartProps) {
  const { t } = useTranslation('books');
  return (
    <div className={classes['fields']}>
      <CharacterFilter filter={entry.characterFilter} onChange={(characterFilter) => onChange({ characterFilter })} />
      <Checkbox.Group
        label={t('entry.triggers')}
        description={t('entry.triggersHint')}
        value={entry.triggers}
        onChange={(triggers) => onChange({ triggers })}
      >
        <div className={classes['checks']}>
          {TRIGGERS.map((trigger) => (
            <Checkbox key={trigger} value={trigger} label={t(`entry.triggerNames.${trigger}`)} />
          ))}
        </div>
      </Checkbox.Group>
      <fieldset className={classes['group']}>
        <legend>{t('entry.alsoMatch')}</legend>
        <div className={classes['checks']}>
          {SOURCES.map((name) => (
            <Checkbox
              key={name}
              label={t(`entry.matches.${name}`)}
              checked={entry[name]}
              onChange={(event) => onChange({ [name]: event.currentTarget.checked })}
            />
          ))}
        </div>
      </fieldset>
    </div>
  );
}

type Filter = LoreEntry['characterFilter'];

function CharacterFilter({ filter, onChange }: { filter: Filter; onChange: (filter: Filter) => void }) {
  const { t } = useTranslation('books');
  const kind = filter === null ? 'none' : filter.isExclude ? 'exclude' : 'include';
  return (
    <>
      <NativeSelect
        label={t('entry.filter')}
        value={kind}
        data={(['none', 'include', 'exclude'] as const).map((value) => ({
          value,
          label: t(`entry.filterKinds.${value}`),
        }))}
        onChange={(event) => {
          const chosen = event.currentTarget.value;
          if (chosen === 'none') onChange(null);
          else onChange({ names: [], tags: [], ...filter, isExclude: chosen === 'exclude' });
        }}
      />
      {filter !== null && (
        <>
          <KeysInput
            label={t('entry.filterNames')}
            value={filter.names}
            patterns={false}
            onChange={(names) => onChange({ ...filter, names })}
          />
          <KeysInput
            label={t('entry.filterTags')}
            value={filter.tags}
            patterns={false}
            onChange={(tags) => onChange({ ...filter, tags })}
          />
        </>
      )}
    </>
  );
}
