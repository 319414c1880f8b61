import type { ReactNode } from 'react';

/** A translated sentence whose `<link>…</link>` part becomes what `link` makes of it; the sentence stays one string. */
export function LinkedText({ text, link }: { text: string; link: (words: string) => ReactNode }) {
  const [before = '', words = '', after = ''] = text.split(/<\/?link>/);
  return (
    <>
      {before}
      {link(words)}
      {after}
    </>
  );
}
