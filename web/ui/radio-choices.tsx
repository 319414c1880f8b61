import { useId } from 'react';
import classes from './radio-choices.module.css';

export interface RadioChoicesProps<Value extends string> {
  label: string;
  value: Value;
  /** `hint` is a sentence on what the choice means. */
  choices: readonly { value: Value; label: string; hint: string }[];
  onChange: (value: Value) => void;
}

/** One of a few that each need a sentence, below each other. */
export function RadioChoices<Value extends string>({ label, value, choices, onChange }: RadioChoicesProps<Value>) {
  const name = useId();
  return (
    <fieldset className={classes['group']}>
      <legend>{label}</legend>
      {choices.map((choice) => (
        // Its text stands two levels deep.
        // oxlint-disable-next-line jsx-a11y/label-has-associated-control
        <label key={choice.value} className={classes['choice']}>
          <input
            type="radio"
            name={name}
            value={choice.value}
            checked={choice.value === value}
            aria-describedby={`${name}-${choice.value}`}
            onChange={() => onChange(choice.value)}
          />
          <span>
            <b>{choice.label}</b>
            <small id={`${name}-${choice.value}`}>{choice.hint}</small>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
