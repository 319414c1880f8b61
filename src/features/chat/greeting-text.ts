import type { CardText } from '../../character/card.ts';
import type { MacroContext } from '../../lore/macros/macro-context.ts';
import { renderMacros } from '../../lore/macros/render-macros.ts';

/** What a character says first: its macros are rendered once, when the conversation begins. */
export function greetingText(
  greeting: string,
  {
    card,
    conversationId,
    userName,
    locale,
    now,
  }: { card: CardText; conversationId: string; userName: string; locale: string; now: number },
): string {
  const context: MacroContext = {
    mode: 'st',
    names: { char: card.called, user: userName },
    card: { ...card, firstMessage: card.greetings[0] ?? '' },
    now,
    locale,
    seed: conversationId,
    random: Math.random,
    variables: { local: new Map(), global: new Map() },
    forDisplay: true,
  };
  return renderMacros(greeting, context);
}
