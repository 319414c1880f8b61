import { useTranslation } from 'react-i18next';
import { isEndedCall, type ToolPart } from '../../../../contract/tool-parts.ts';
import { api } from '../../../state/api.ts';
import { useGuard } from '../../../state/use-guard.ts';
import { IconPlayerStop, IconTool } from '../../../ui/icons.ts';
import classes from './tool-call.module.css';

/** A call of a tool within a reply: folded, with what went in and what came back; stopped with one press. */
export function ToolCall({ part, conversationId }: { part: ToolPart; conversationId: string }) {
  const { t } = useTranslation('tools');
  const guard = useGuard();
  const { state, server, input, output, refused = [], durationInMs, callId } = part;
  const tool = part.title || part.tool;
  const isOpen = state === 'asked' || state === 'running';
  return (
    <div className={classes['call']} data-state={state}>
      <details>
        <summary aria-label={t('call.label', { tool, server, state: t(`call.states.${state}`) })}>
          <IconTool size={16} aria-hidden />
          <span className={classes['name']}>{tool}</span>
          <span className={classes['state']} role={isOpen ? 'status' : undefined}>
            {t(`call.states.${state}`)}
            {state === 'done' &&
              durationInMs > 0 &&
              ` · ${t('call.seconds', { seconds: (durationInMs / 1000).toFixed(1) })}`}
          </span>
        </summary>
        <h4>{t('call.input')}</h4>
        <pre>{pretty(input)}</pre>
        {isEndedCall(part) && (
          <>
            <h4>{t('call.output')}</h4>
            <pre>{output === '' ? t('call.nothing') : output}</pre>
          </>
        )}
        {refused.map(({ kind, text }) => (
          <p key={`${kind} ${text}`} className={classes['refused']}>
            {t('call.refused', { text })}
          </p>
        ))}
      </details>
      {isOpen && (
        <button
          type="button"
          className={classes['stop']}
          aria-label={t('call.stop', { tool })}
          onClick={() => void guard(api.call('stopToolCall', { params: { id: conversationId, callId } }))}
        >
          <IconPlayerStop size={16} aria-hidden />
        </button>
      )}
    </div>
  );
}

/** JSON for reading; anything else as it is. */
export function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
