import { Suspense, lazy, memo } from 'react';
import type { ReactNode } from 'react';
import { closeOpenMarks, remarkNarration } from './narration.ts';
import type { MarkdownNode } from './narration.ts';
import { isPlain, parsePlain } from './plain-markdown.ts';
import classes from './prose.module.css';

const loadRich = () => import('./rich-prose.tsx');
const RichProse = lazy(async () => ({ default: (await loadRich()).RichProse }));
const nameNarration = remarkNarration();

/**
 * What somebody says, as safe markdown: no raw HTML, no requests to anywhere. Most of it is plain and needs no markdown
 * library; the library is loaded with the first message that does.
 */
export const Prose = memo(function Prose({ text, streaming = false }: { text: string; streaming?: boolean }) {
  const shown = streaming ? closeOpenMarks(text) : text;
  const plain = <PlainProse text={shown} />;
  return (
    <div className={classes['prose']} data-streaming={streaming}>
      {isPlain(shown) ? (
        plain
      ) : (
        <Suspense fallback={plain}>
          <RichProse text={shown} />
        </Suspense>
      )}
    </div>
  );
});

function PlainProse({ text }: { text: string }) {
  const tree = parsePlain(text);
  nameNarration(tree);
  return tree.children?.map((node, index) => renderNode(node, index));
}

/** A parsed text never changes its order, so a place is a key. */
function renderNode(node: MarkdownNode, index: number): ReactNode {
  const children = node.children?.map((child, place) => renderNode(child, place));
  const kind = node.data?.hProperties?.['data-kind'];
  switch (node.type) {
    case 'paragraph':
      return (
        <p key={index} data-kind={kind}>
          {children}
        </p>
      );
    case 'emphasis':
      return (
        <em key={index} data-kind={kind}>
          {children}
        </em>
      );
    case 'strong':
      return <strong key={index}>{children}</strong>;
    default:
      return node.value;
  }
}
