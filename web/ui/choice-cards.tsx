import { startTransition, useId, useOptimistic } from 'react';
import classes from './choice-cards.module.css';

export interface ChoiceCardsProps<Value extends string> {
  label: string;
  value: Value;
  choices: readonly { value: Value; label: string; lang?: string }[];
  /** While it is under way the new choice is shown; if it fails, the old one comes back. */
  onChange: (value: Value) => void | Promise<void>;
}

/** One of a few, as large buttons; a radio group to keyboards and screen readers. */
export function ChoiceCards<Value extends string>({ label, value, choices, onChange }: ChoiceCardsProps<Value>) {
  const name = useId();
  const [shown, show] = useOptimistic(value);
  const choose = (next: Value) =>
    startTransition(async () => {
      show(next);
      await onChange(next);
    });
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
              checked={choice.value === shown}
              onChange={() => choose(choice.value)}
            />
            <span>{choice.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
