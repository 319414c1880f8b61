import { useTranslation } from 'react-i18next';
import type { ReactNode } from 'react';
import type { CharacterVersion } from '../../../contract/character-fields.ts';
import { DescribingFields } from './describing-fields.tsx';
import { useForm } from './editor-form-context.ts';
import { ExampleField } from './example-field.tsx';
import { GreetingsField, GroupGreetingsField } from './greetings-field.tsx';
import { InstructionFields } from './instruction-fields.tsx';
import { OriginFields } from './origin-fields.tsx';
import { PictureGallery } from './picture-gallery.tsx';
import { PortraitField } from './portrait-field.tsx';
import { TagsField } from './tags-field.tsx';
import { WritingField } from './writing-field.tsx';
import classes from './editor.module.css';

export interface EverythingFieldsProps {
  base: CharacterVersion | null;
  onBase: ((base: CharacterVersion) => void) | undefined;
}

/** Every field of a card, by what it is for. */
export function EverythingFields({ base, onBase }: EverythingFieldsProps) {
  const { t } = useTranslation('editor');
  const { editor } = useForm();
  return (
    <>
      <Section title={t('section.who')}>
        <PortraitField keptUrl={base?.pictureUrl ?? null} seed={editor.values.name} />
        <WritingField field="name" label={t('field.name')} maxLength={500} required draft="name" />
        <WritingField field="nickname" label={t('field.nickname')} hint={t('hint.nickname')} maxLength={500} />
        <WritingField field="tagline" label={t('field.tagline')} hint={t('hint.tagline')} draft="tagline" />
        <DescribingFields />
        <TagsField />
      </Section>
      <Section title={t('section.scene')}>
        <WritingField
          field="scenario"
          label={t('field.scenario')}
          hint={t('hint.scenario')}
          rows={3}
          draft="scenario"
        />
        <GreetingsField />
        <GroupGreetingsField />
        <ExampleField />
      </Section>
      <Section title={t('section.pictures')}>
        <PictureGallery base={base} onBase={onBase} />
      </Section>
      <Section title={t('section.instructions')}>
        <InstructionFields />
      </Section>
      <Section title={t('section.origin')}>
        <OriginFields />
      </Section>
    </>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes['section']}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}
