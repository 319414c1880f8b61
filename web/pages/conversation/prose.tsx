import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import Markdown from 'react-markdown';
import type { Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { closeOpenMarks, remarkNarration } from './narration.ts';
import classes from './prose.module.css';

const PLUGINS = [remarkGfm, remarkNarration];

/** Links open elsewhere and tell nothing; pictures are never fetched: a card or a model chose their address. */
const COMPONENTS: Components = {
  a: ({ href, children }) => (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  ),
  img: ({ alt }) => <UnloadedPicture label={alt ?? ''} />,
  // A conversation has one heading, the character's name; a reply's headings are only strong lines.
  h1: ({ children }) => <p className={classes['heading']}>{children}</p>,
  h2: ({ children }) => <p className={classes['heading']}>{children}</p>,
  h3: ({ children }) => <p className={classes['heading']}>{children}</p>,
  h4: ({ children }) => <p className={classes['heading']}>{children}</p>,
  h5: ({ children }) => <p className={classes['heading']}>{children}</p>,
  h6: ({ children }) => <p className={classes['heading']}>{children}</p>,
  table: ({ children }) => (
    <div className={classes['table']}>
      <table>{children}</table>
    </div>
  ),
};

function UnloadedPicture({ label }: { label: string }) {
  const { t } = useTranslation('talk');
  return (
    <span className={classes['picture']}>
      {label === '' ? t('imageNotLoadedPlain') : t('imageNotLoaded', { label })}
    </span>
  );
}

/** What somebody says, as safe markdown: no raw HTML, no requests to anywhere. */
export const Prose = memo(function Prose({ text, streaming = false }: { text: string; streaming?: boolean }) {
  return (
    <div className={classes['prose']} data-streaming={streaming}>
      <Markdown remarkPlugins={PLUGINS} components={COMPONENTS}>
        {streaming ? closeOpenMarks(text) : text}
      </Markdown>
    </div>
  );
});
