import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExportFormat } from '../../../../contract/cards.ts';
import classes from './export.module.css';

export interface FormatChoiceProps {
  format: ExportFormat;
  formats: readonly ExportFormat[];
  onChange: (format: ExportFormat) => void;
}

/** The kinds of files, each with a word about who reads it. */
export function FormatChoice({ format, formats, onChange }: FormatChoiceProps) {
  const { t } = useTranslation('cards');
  const id = useId();
  return (
    <fieldset className={classes['formats']}>
      <legend>{t('export.format')}</legend>
      {formats.map((choice) => (
        <label key={choice} className={classes['format']}>
          <input
            type="radio"
            name={id}
            value={choice}
            checked={choice === format}
            aria-labelledby={`${id}-${choice}`}
            aria-describedby={`${id}-${choice}-hint`}
            onChange={() => onChange(choice)}
          />
          <span id={`${id}-${choice}`}>{t(`export.${choice}.title`)}</span>
          <span id={`${id}-${choice}-hint`} className={classes['hint']}>
            {t(`export.${choice}.hint`)}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
