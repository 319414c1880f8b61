import { Button } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../state/format.ts';
import { useForm } from './editor-form-context.ts';
import classes from './editor.module.css';

/** Above this share of what the model can see, the talk itself has too little room. */
const MUCH = 0.5;

/** Always in reach: what the character costs, and saving it. */
export function SaveBar({ busy, submitLabel }: { busy: boolean; submitLabel: string }) {
  const { t } = useTranslation(['editor', 'common']);
  const { editor, problem } = useForm();
  const router = useRouter();
  return (
    <div className={classes['saveBar']}>
      {problem.general !== null && (
        <p className={classes['problem']} role="alert">
          {problem.general}
        </p>
      )}
      <div className={classes['saveRow']}>
        <TokenBudget />
        <div className={classes['saveButtons']}>
          <Button
            variant="default"
            size="md"
            // What was typed stays on this device: a wrong tap costs nothing.
            onClick={() => router.history.back()}
          >
            {t('common:cancel')}
          </Button>
          <Button type="submit" size="md" loading={busy} disabled={editor.values.name.trim() === ''}>
            {submitLabel}
          </Button>
        </div>
      </div>
    </div>
  );
}

function TokenBudget() {
  const { t } = useTranslation('editor');
  const { tokens } = useForm();
  const { total, contextLength, model, exact } = tokens;
  const share = contextLength === null ? null : total / contextLength;
  const much = share !== null && share > MUCH;
  const count = t('tokens.total', { count: total, formatted: formatNumber(total) });
  return (
    <div className={classes['budget']} data-much={much}>
      <p>
        {exact ? count : t('tokens.about', { count })}
        {share !== null && model !== null && (
          <span> · {t('tokens.share', { share: formatNumber(share * 100), model })}</span>
        )}
      </p>
      {share !== null && (
        <div className={classes['meter']} aria-hidden>
          <i style={{ width: `${Math.min(share, 1) * 100}%` }} />
        </div>
      )}
      {much && (
        <p className={classes['problem']} role="status">
          {t('tokens.much')}
        </p>
      )}
    </div>
  );
}
