import { Children, isValidElement } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { copyText } from '../../state/copy-text.ts';
import { showToast } from '../../state/toasts.ts';
import { IconCopy } from '../../ui/icons.ts';
import classes from './prose.module.css';

/** Code with its language and a button that copies it. */
export function CodeBlock({ children }: { children?: ReactNode }) {
  const { t } = useTranslation('files');
  const code = Children.toArray(children).find((child) => isValidElement<{ className?: string }>(child));
  const language = isValidElement<{ className?: string }>(code)
    ? /language-([\w+#.-]+)/.exec(code.props.className ?? '')?.[1]
    : undefined;
  const words = textOf(children).replace(/\n$/, '');
  return (
    <div className={classes['code']}>
      <div className={classes['codeHead']}>
        <span>{language ?? ''}</span>
        <button
          type="button"
          className={classes['copy']}
          aria-label={t('copyCode')}
          onClick={() => {
            void copyText(words).then((copied) => copied && showToast({ text: t('copied') }));
          }}
        >
          <IconCopy size={16} aria-hidden />
        </button>
      </div>
      {/* A scrolling region must be reachable by keyboard (WCAG 2.1.1). */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre tabIndex={0}>{children}</pre>
    </div>
  );
}

function textOf(node: ReactNode): string {
  if (typeof node === 'string' || typeof node === 'number') return String(node);
  if (Array.isArray(node)) return node.map((one: ReactNode) => textOf(one)).join('');
  return isValidElement<{ children?: ReactNode }>(node) ? textOf(node.props.children) : '';
}
