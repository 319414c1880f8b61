import { useTranslation } from 'react-i18next';
import type { CharacterVersion } from '../../../contract/character-fields.ts';
import { DescribingFields } from './describing-fields.tsx';
import { useForm } from './editor-form-context.ts';
import { KindField } from './kind-field.tsx';
import { PortraitField } from './portrait-field.tsx';
import { WritingField } from './writing-field.tsx';
import classes from './editor.module.css';

/** What is enough to begin: a picture and five texts. */
export function SimpleFields({ base }: { base: CharacterVersion | null }) {
  const { t } = useTranslation('editor');
  const { editor } = useForm();
  const others = editor.values.alternateGreetings.length;
  return (
    <div className={classes['section']}>
      <PortraitField keptUrl={base?.pictureUrl ?? null} seed={editor.values.name} />
      <WritingField field="name" label={t('field.name')} maxLength={100} required draft="name" />
      <WritingField
        field="tagline"
        label={t('field.tagline')}
        hint={t('hint.tagline')}
        maxLength={160}
        draft="tagline"
      />
      <KindField />
      <DescribingFields />
      <WritingField field="greeting" label={t('field.greeting')} hint={t('hint.greeting')} rows={4} draft="greeting">
        {others > 0 && <p className={classes['hint']}>{t('greetings.others', { count: others })}</p>}
      </WritingField>
    </div>
  );
}
