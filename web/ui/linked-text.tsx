import { cloneElement } from 'react';
import type { ReactElement, ReactNode } from 'react';

/** A translated sentence whose `<link>…</link>` part stands inside `link`; the sentence stays one string. */
export function LinkedText({ text, link }: { text: string; link: ReactElement<{ children?: ReactNode }> }) {
  const [before = '', words = '', after = ''] = text.split(/<\/?link>/);
  return (
    <>
      {before}
      {cloneElement(link, {}, words)}
      {after}
    </>
  );
}
