import { SegmentedControl, Text } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { CharacterKind } from '../../../contract/character-fields.ts';
import { useForm } from './editor-form-context.ts';
import classes from './editor.module.css';

const KINDS = ['character', 'assistant'] as const satisfies readonly CharacterKind[];

/** Whether it plays a part, or helps plainly. */
export function KindField() {
  const { t } = useTranslation('editor');
  const { editor } = useForm();
  const id = useId();
  return (
    <div className={classes['field']}>
      <Text id={id} component="span" fw={600} size="sm">
        {t('field.kind')}
      </Text>
      <SegmentedControl
        aria-labelledby={id}
        size="md"
        value={editor.values.kind}
        onChange={(value) => editor.set('kind', KINDS.find((kind) => kind === value) ?? 'character')}
        data={KINDS.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
      />
      <p className={classes['hint']}>{t(`kind.hint.${editor.values.kind}`)}</p>
    </div>
  );
}
