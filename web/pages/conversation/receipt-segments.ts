import { useTranslation } from 'react-i18next';
import type { Receipt } from '../../../contract/messages.ts';
import { formatNumber } from '../../state/format.ts';

type Segment = Receipt['segments'][number];

const KINDS = [
  'house',
  'character',
  'personality',
  'scenario',
  'lore-before',
  'lore-after',
  'examples',
  'lore-examples',
  'persona',
  'opening',
  'history',
  'lore-depth',
  'note',
  'injection',
  'post-history',
  'spoken',
  'room',
  'world',
  'world-facts',
  'memory',
  'memory-facts',
  'memory-summary',
  'memory-dates',
  'files',
  'custom',
  'notes-frame',
  'story',
  'nudge',
  'message',
  'continue',
  'tools',
  'tool-call',
  'tool-result',
] as const;

const COLORS: Record<(typeof KINDS)[number], string> = {
  house: 'var(--soft)',
  character: 'var(--dusk)',
  personality: 'color-mix(in srgb, var(--dusk) 65%, var(--plum))',
  scenario: 'var(--moss)',
  'lore-before': 'var(--teal)',
  'lore-after': 'color-mix(in srgb, var(--teal) 70%, var(--moss))',
  examples: 'var(--plum)',
  'lore-examples': 'color-mix(in srgb, var(--teal) 60%, var(--plum))',
  persona: 'var(--honey)',
  opening: 'var(--line-strong)',
  history: 'var(--ember)',
  'lore-depth': 'color-mix(in srgb, var(--teal) 75%, var(--dusk))',
  note: 'color-mix(in srgb, var(--honey) 60%, var(--plum))',
  injection: 'color-mix(in srgb, var(--honey) 55%, var(--moss))',
  'post-history': 'color-mix(in srgb, var(--ember) 50%, var(--plum))',
  spoken: 'color-mix(in srgb, var(--dusk) 50%, var(--ember))',
  room: 'color-mix(in srgb, var(--teal) 50%, var(--honey))',
  world: 'color-mix(in srgb, var(--moss) 55%, var(--dusk))',
  'world-facts': 'color-mix(in srgb, var(--moss) 55%, var(--teal))',
  memory: 'color-mix(in srgb, var(--honey) 80%, var(--ember))',
  'memory-facts': 'color-mix(in srgb, var(--moss) 70%, var(--honey))',
  'memory-summary': 'color-mix(in srgb, var(--plum) 55%, var(--dusk))',
  'memory-dates': 'color-mix(in srgb, var(--ember) 60%, var(--honey))',
  files: 'color-mix(in srgb, var(--teal) 55%, var(--honey))',
  custom: 'color-mix(in srgb, var(--soft) 60%, var(--honey))',
  'notes-frame': 'color-mix(in srgb, var(--honey) 35%, var(--soft))',
  story: 'color-mix(in srgb, var(--dusk) 70%, var(--moss))',
  nudge: 'color-mix(in srgb, var(--ember-ink) 60%, var(--soft))',
  message: 'var(--ember-ink)',
  continue: 'var(--ember-ink)',
  tools: 'color-mix(in srgb, var(--moss) 60%, var(--soft))',
  'tool-call': 'color-mix(in srgb, var(--moss) 75%, var(--ember))',
  'tool-result': 'color-mix(in srgb, var(--moss) 55%, var(--teal))',
};

export function segmentColor(kind: string): string {
  const known = KINDS.find((name) => name === kind);
  return known === undefined ? 'var(--line-strong)' : COLORS[known];
}

/** Words for a part of the prompt: what it is, whether it stays the same from turn to turn, how many messages it covers. */
export function useSegmentLabel(): (segment: Segment) => string {
  const { t } = useTranslation('talk');
  return ({ kind, stable, messages }) => {
    const known = KINDS.find((name) => name === kind) ?? 'other';
    const label = t(`receipt.segment.${known}`);
    if (messages !== undefined && messages > 0) {
      return t('receipt.messages', { label, count: messages, formatted: formatNumber(messages) });
    }
    return stable ? t('receipt.stable', { label }) : label;
  };
}
