import { useMemo, type ComponentProps } from 'react';
import { useTranslation } from 'react-i18next';
import Markdown from 'react-markdown';
import type { Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { CodeBlock } from './code-block.tsx';
import { citedNumber, remarkCitations } from './files/citation-marks.ts';
import { CitationMark, useCitations } from './files/cited-prose.tsx';
import { remarkNarration } from './narration.ts';
import classes from './prose.module.css';

type PluggableList = NonNullable<ComponentProps<typeof Markdown>['remarkPlugins']>;

/** Links open elsewhere and tell nothing; pictures are never fetched: a card or a model chose their address. */
const COMPONENTS: Components = {
  a: ({ href, children }) => {
    const number = citedNumber(href);
    if (number !== null) return <CitationMark number={number} />;
    return (
      <a href={href} target="_blank" rel="noopener noreferrer nofollow">
        {children}
      </a>
    );
  },
  pre: CodeBlock,
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
  const words = label === '' ? t('imageNotLoadedPlain') : t('imageNotLoaded', { label });
  return <span className={classes['picture']}>{words}</span>;
}

/** Full chat markdown: lists, quotes, code, tables, links. */
export function RichProse({ text }: { text: string }) {
  const citations = useCitations();
  const plugins = useMemo(
    (): PluggableList => [remarkGfm, remarkNarration, [remarkCitations, { numbers: new Set(citations.keys()) }]],
    [citations],
  );
  return (
    <Markdown remarkPlugins={plugins} components={COMPONENTS}>
      {text}
    </Markdown>
  );
}
