import { findMacro } from './macro-table.ts';
import { parseMacros, type Node } from './parse-macros.ts';

/**
 * True when what the text says may differ from turn to turn: the time, chance, variables, what was said last, lore.
 * Of a card's fields that the text names, ask for each by itself.
 */
export function hasVolatileMacros(text: string): boolean {
  return text.includes('{{') && parseMacros(text, 'st').some(isVolatile);
}

function isVolatile(node: Node): boolean {
  if (node.kind !== 'macro') return false;
  if (node.variable !== null) return true;
  if (node.name !== null && findMacro(node.name)?.volatile === true) return true;
  return (node.name === 'if' && asksVolatile(node.rest)) || node.inner.some(isVolatile);
}

/** A condition may be the bare name of a macro or a variable. */
function asksVolatile([first]: readonly Node[]): boolean {
  if (first?.kind !== 'text') return false;
  const condition = first.text.replace(/^[\s!]+/, '');
  return /^[.$]/.test(condition) || parseMacros(`{{${condition}}}`, 'spec').some(isVolatile);
}
