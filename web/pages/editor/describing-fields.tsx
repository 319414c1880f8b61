import { useTranslation } from 'react-i18next';
import { WritingField } from './writing-field.tsx';

/** Who somebody is, at length and in a few words. */
export function DescribingFields() {
  const { t } = useTranslation('editor');
  return (
    <>
      <WritingField
        field="description"
        label={t('field.description')}
        hint={t('hint.description')}
        rows={6}
        draft="description"
      />
      <WritingField
        field="personality"
        label={t('field.personality')}
        hint={t('hint.personality')}
        rows={2}
        draft="personality"
      />
    </>
  );
}
