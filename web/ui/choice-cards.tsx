import { useId } from 'react';
import classes from './choice-cards.module.css';

export interface ChoiceCardsProps<Value extends string> {
  label: string;
  value: Value;
  choices: readonly { value: Value; label: string; lang?: string }[];
  onChange: (value: Value) => void;
}

/** One of a few, as large buttons; a radio group to keyboards and screen readers. */
export function ChoiceCards<Value extends string>({ label, value, choices, onChange }: ChoiceCardsProps<Value>) {
  const name = useId();
  return (
    <fieldset className={classes['group']}>
      <legend>{label}</legend>
      <div className={classes['choices']}>
        {choices.map((choice) => (
          <label key={choice.value} className={classes['choice']} lang={choice.lang}>
            <input
              type="radio"
              name={name}
              value={choice.value}
              checked={choice.value === value}
              onChange={() => onChange(choice.value)}
            />
            <span>{choice.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
