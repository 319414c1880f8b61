import { NativeSelect, NumberInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { personaPositionSchema } from '../../../contract/personas.ts';
import { promptRoleSchema } from '../../../contract/prompts.ts';
import { Stack } from '../../ui/stack.tsx';
import type { PersonaValues } from './persona-form.tsx';

export interface PersonaPlaceProps {
  values: Pick<PersonaValues, 'position' | 'depth' | 'role'>;
  onChange: (change: Partial<PersonaValues>) => void;
}

/** Where in the prompt the description stands. */
export function PersonaPlace({ values, onChange }: PersonaPlaceProps) {
  const { t } = useTranslation(['personas', 'common']);
  return (
    <Stack>
      <NativeSelect
        label={t('personas:form.position')}
        description={t('personas:form.positionHint')}
        size="md"
        value={values.position}
        data={personaPositionSchema.options.map((value) => ({ value, label: t(`personas:form.positions.${value}`) }))}
        onChange={(event) => onChange({ position: personaPositionSchema.parse(event.currentTarget.value) })}
      />
      {values.position === 'at-depth' && (
        <>
          <NumberInput
            label={t('personas:form.depth')}
            description={t('personas:form.depthHint')}
            size="md"
            min={0}
            max={10_000}
            allowDecimal={false}
            value={values.depth}
            onChange={(depth) => onChange({ depth: typeof depth === 'number' ? depth : 0 })}
          />
          <NativeSelect
            label={t('personas:form.role')}
            size="md"
            value={values.role}
            data={promptRoleSchema.options.map((value) => ({ value, label: t(`common:promptRole.${value}`) }))}
            onChange={(event) => onChange({ role: promptRoleSchema.parse(event.currentTarget.value) })}
          />
        </>
      )}
    </Stack>
  );
}
