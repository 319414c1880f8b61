import { NativeSelect, Switch, TextInput, Textarea } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import {
  lorePositionSchema,
  loreRoleSchema,
  selectiveLogicSchema,
  type LoreEntry,
  type LoreMode,
} from '../../../contract/lore.ts';
import type { LoreEntryFields } from '../../../contract/lorebook-changes.ts';
import { EntryFilters } from './entry-filters.tsx';
import classes from './entry-form.module.css';
import { KeysInput } from './keys-input.tsx';
import { NumberField } from './number-field.tsx';
import { TriField } from './tri-field.tsx';

export interface EntryPartProps {
  entry: LoreEntry;
  mode: LoreMode;
  onChange: (fields: LoreEntryFields) => void;
}

/** Every field of an entry that the simple face does not show, in folds. */
export function EntryEverything(props: EntryPartProps) {
  const { t } = useTranslation('books');
  const { entry, mode, onChange } = props;
  return (
    <section className={classes['everything']} aria-label={t('entry.everything')}>
      <h3>{t('entry.everything')}</h3>
      <Fold title={t('entry.placement')}>
        <Placement {...props} />
      </Fold>
      <Fold title={t('entry.matching')}>
        <Matching {...props} />
      </Fold>
      <Fold title={t('entry.chance')} note={mode === 'spec' ? t('entry.unusedInSpec') : undefined}>
        <Chance {...props} />
      </Fold>
      <Fold title={t('entry.timing')} note={mode === 'spec' ? t('entry.unusedInSpec') : undefined}>
        <Timing {...props} />
      </Fold>
      <Fold title={t('entry.recursion')} note={mode === 'spec' ? t('entry.unusedInSpec') : undefined}>
        <Recursion {...props} />
      </Fold>
      <Fold title={t('entry.filters')} note={mode === 'spec' ? t('entry.unusedInSpec') : undefined}>
        <EntryFilters {...props} />
      </Fold>
      <Fold title={t('entry.comment')}>
        <Textarea
          label={t('entry.comment')}
          description={t('entry.commentHint')}
          value={entry.comment}
          rows={3}
          maxLength={100_000}
          onChange={(event) => onChange({ comment: event.currentTarget.value })}
        />
      </Fold>
    </section>
  );
}

function Fold({ title, note, children }: { title: string; note?: string | undefined; children: ReactNode }) {
  return (
    <details className={classes['fold']}>
      <summary>{title}</summary>
      <div className={classes['foldBody']}>
        {note !== undefined && <p className={classes['hint']}>{note}</p>}
        {children}
      </div>
    </details>
  );
}

function Placement({ entry, mode, onChange }: EntryPartProps) {
  const { t } = useTranslation('books');
  const { position } = entry;
  return (
    <div className={classes['fields']}>
      <NativeSelect
        label={t('entry.position')}
        value={position}
        data={lorePositionSchema.options.map((value) => ({ value, label: t(`entry.positions.${value}`) }))}
        onChange={(event) => onChange({ position: lorePositionSchema.parse(event.currentTarget.value) })}
      />
      {position === 'at-depth' && <Depth entry={entry} mode={mode} onChange={onChange} />}
      {position === 'outlet' && (
        <TextInput
          label={t('entry.outletName')}
          description={t('entry.outletHint', { macro: `{{outlet::${entry.outletName || 'Name'}}}` })}
          value={entry.outletName}
          maxLength={1000}
          onChange={(event) => onChange({ outletName: event.currentTarget.value })}
        />
      )}
      <NumberField
        label={t('entry.order')}
        description={t('entry.orderHint')}
        value={entry.order}
        onChange={(order) => onChange({ order: order ?? 0 })}
      />
      {mode === 'spec' ? (
        <NumberField
          label={t('entry.priority')}
          description={t('entry.priorityHint')}
          value={entry.priority}
          nullable
          onChange={(priority) => onChange({ priority })}
        />
      ) : (
        <Switch
          label={t('entry.ignoreBudget')}
          checked={entry.ignoreBudget}
          onChange={(event) => onChange({ ignoreBudget: event.currentTarget.checked })}
        />
      )}
    </div>
  );
}

function Depth({ entry, onChange }: EntryPartProps) {
  const { t } = useTranslation('books');
  return (
    <>
      <NumberField
        label={t('entry.depth')}
        description={t('entry.depthHint')}
        value={entry.depth}
        min={0}
        max={10_000}
        onChange={(depth) => onChange({ depth: depth ?? 0 })}
      />
      <NativeSelect
        label={t('entry.role')}
        value={entry.role}
        data={loreRoleSchema.options.map((value) => ({ value, label: t(`entry.roles.${value}`) }))}
        onChange={(event) => onChange({ role: loreRoleSchema.parse(event.currentTarget.value) })}
      />
    </>
  );
}

function Matching({ entry, mode, onChange }: EntryPartProps) {
  const { t } = useTranslation('books');
  return (
    <div className={classes['fields']}>
      <Switch
        label={t('entry.selective')}
        checked={entry.selective}
        onChange={(event) => onChange({ selective: event.currentTarget.checked })}
      />
      <KeysInput
        label={t('entry.secondaryKeys')}
        value={entry.secondaryKeys}
        patterns={false}
        onChange={(secondaryKeys) => onChange({ secondaryKeys })}
      />
      {mode === 'st' && (
        <NativeSelect
          label={t('entry.logic')}
          value={entry.selectiveLogic}
          data={selectiveLogicSchema.options.map((value) => ({ value, label: t(`entry.logics.${value}`) }))}
          onChange={(event) => onChange({ selectiveLogic: selectiveLogicSchema.parse(event.currentTarget.value) })}
        />
      )}
      {mode === 'spec' && (
        <Switch
          label={t('entry.useRegex')}
          checked={entry.useRegex}
          onChange={(event) => onChange({ useRegex: event.currentTarget.checked })}
        />
      )}
      <TriField
        label={t('entry.caseSensitive')}
        value={entry.caseSensitive}
        onChange={(caseSensitive) => onChange({ caseSensitive })}
      />
      <TriField
        label={t('entry.matchWholeWords')}
        value={entry.matchWholeWords}
        onChange={(matchWholeWords) => onChange({ matchWholeWords })}
      />
      <NumberField
        label={t('entry.scanDepth')}
        description={t('entry.scanDepthHint')}
        value={entry.scanDepth}
        nullable
        min={0}
        max={1000}
        onChange={(scanDepth) => onChange({ scanDepth })}
      />
    </div>
  );
}

function Chance({ entry, onChange }: EntryPartProps) {
  const { t } = useTranslation('books');
  return (
    <div className={classes['fields']}>
      <Switch
        label={t('entry.useProbability')}
        checked={entry.useProbability}
        onChange={(event) => onChange({ useProbability: event.currentTarget.checked })}
      />
      <NumberField
        label={t('entry.probability')}
        value={entry.probability}
        min={0}
        max={100}
        disabled={!entry.useProbability}
        onChange={(probability) => onChange({ probability: probability ?? 0 })}
      />
      <TextInput
        label={t('entry.group')}
        description={t('entry.groupHint')}
        value={entry.group}
        maxLength={10_000}
        onChange={(event) => onChange({ group: event.currentTarget.value })}
      />
      <Switch
        label={t('entry.groupOverride')}
        checked={entry.groupOverride}
        onChange={(event) => onChange({ groupOverride: event.currentTarget.checked })}
      />
      <NumberField
        label={t('entry.groupWeight')}
        value={entry.groupWeight}
        min={0}
        onChange={(groupWeight) => onChange({ groupWeight: groupWeight ?? 0 })}
      />
      <TriField
        label={t('entry.useGroupScoring')}
        value={entry.useGroupScoring}
        onChange={(useGroupScoring) => onChange({ useGroupScoring })}
      />
    </div>
  );
}

function Timing({ entry, onChange }: EntryPartProps) {
  const { t } = useTranslation('books');
  return (
    <div className={classes['fields']}>
      <p className={classes['hint']}>{t('entry.timingHint')}</p>
      {(['sticky', 'cooldown', 'delay'] as const).map((name) => (
        <NumberField
          key={name}
          label={t(`entry.${name}`)}
          value={entry[name]}
          nullable
          min={0}
          max={100_000}
          onChange={(value) => onChange({ [name]: value })}
        />
      ))}
    </div>
  );
}

function Recursion({ entry, onChange }: EntryPartProps) {
  const { t } = useTranslation('books');
  return (
    <div className={classes['fields']}>
      {(['excludeRecursion', 'preventRecursion'] as const).map((name) => (
        <Switch
          key={name}
          label={t(`entry.${name}`)}
          checked={entry[name]}
          onChange={(event) => onChange({ [name]: event.currentTarget.checked })}
        />
      ))}
      <NumberField
        label={t('entry.delayUntilRecursion')}
        description={t('entry.delayUntilRecursionHint')}
        value={entry.delayUntilRecursion}
        min={0}
        max={100}
        onChange={(delayUntilRecursion) => onChange({ delayUntilRecursion: delayUntilRecursion ?? 0 })}
      />
    </div>
  );
}
