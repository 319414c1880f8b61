import { Switch, TextInput, Textarea } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { loreModeSchema, type LorebookBody } from '../../../contract/lore.ts';
import type { LorebookFields } from '../../../contract/lorebook-changes.ts';
import { ChoiceCards } from '../../ui/choice-cards.tsx';
import { Panel } from '../../ui/panel.tsx';
import type { BookDraft } from './book-draft.ts';
import classes from './entry-form.module.css';
import { NumberField } from './number-field.tsx';
import { TriField } from './tri-field.tsx';
import { useDraft } from './use-draft.ts';

/** What holds for the whole book. */
export function BookSettings({ draft, readOnly }: { draft: BookDraft; readOnly: boolean }) {
  const { t } = useTranslation('books');
  const { body } = useDraft(draft);
  const change = (fields: LorebookFields) => void draft.apply({ type: 'book-edit', fields });
  return (
    <Panel>
      <fieldset className={classes['form']} disabled={readOnly}>
        <legend className="visually-hidden">{t('editor.settings')}</legend>
        <TextInput
          label={t('settings.name')}
          value={body.name}
          maxLength={10_000}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <Textarea
          label={t('settings.description')}
          description={t('settings.descriptionHint')}
          value={body.description}
          rows={3}
          maxLength={1_000_000}
          onChange={(event) => change({ description: event.currentTarget.value })}
        />
        <div>
          <ChoiceCards
            label={t('modes.label')}
            value={body.mode}
            choices={loreModeSchema.options.map((value) => ({ value, label: t(`modes.${value}`) }))}
            onChange={(mode) => change({ mode })}
          />
          <p className={classes['hint']}>{t(body.mode === 'st' ? 'modes.stAbout' : 'modes.specAbout')}</p>
        </div>
        <Limits body={body} onChange={change} />
      </fieldset>
    </Panel>
  );
}

/** How far keys are looked for, and how much may be sent. */
function Limits({ body, onChange }: { body: LorebookBody; onChange: (fields: LorebookFields) => void }) {
  const { t } = useTranslation('books');
  return (
    <div className={classes['fields']}>
      {body.mode === 'st' && <p className={classes['hint']}>{t('settings.stNote')}</p>}
      <NumberField
        label={t('settings.scanDepth')}
        description={t('settings.scanDepthHint')}
        value={body.scanDepth}
        nullable
        min={0}
        max={1000}
        onChange={(scanDepth) => onChange({ scanDepth })}
      />
      <NumberField
        label={t('settings.tokenBudget')}
        description={t('settings.tokenBudgetHint')}
        value={body.tokenBudget}
        nullable
        min={0}
        max={10_000_000}
        onChange={(tokenBudget) => onChange({ tokenBudget })}
      />
      <TriField
        label={t('settings.recursive')}
        value={body.recursiveScanning}
        onChange={(recursiveScanning) => onChange({ recursiveScanning })}
      />
      <Switch
        label={t('settings.foldAccents')}
        description={t('settings.foldAccentsHint')}
        checked={body.foldAccents ?? false}
        onChange={(event) => onChange({ foldAccents: event.currentTarget.checked })}
      />
    </div>
  );
}
