import { findMacro } from './macro-table.ts';
import { dedent, pairScopes, splitArguments } from './macro-arguments.ts';
import type { MacroContext } from './macro-context.ts';
import type { MacroDefinition } from './macro-definition.ts';
import { parseMacros, type MacroNode, type Node } from './parse-macros.ts';
import { joinPieces, type Piece } from './text-pieces.ts';
import { isTruthy, readShorthand, runShorthand } from './variable-shorthand.ts';

/** UTF-16 units that macros of one text may produce, everything between included; then the rest stays as written. */
const MAX_PRODUCED = 2_000_000;
/** Blocks and texts inside each other. */
const MAX_DEPTH = 64;

/** What one call works with. */
interface Work {
  context: MacroContext;
  produced: number;
  depth: number;
  /** Texts being rendered, so that a card's field cannot hold itself. */
  open: Set<string>;
  used: Set<string>;
}

/** A text being rendered. */
interface Source {
  work: Work;
  text: string;
}

/**
 * Replaces macros: Character Card V3's and SillyTavern's. Inner ones come first; unknown ones stay as they are written
 * while those inside them are replaced; what a macro says is never read for macros again. In time about linear in the
 * text and in what it produces, both bounded.
 */
export function renderMacros(text: string, context: MacroContext): string {
  return renderText(text, { context, produced: 0, depth: 0, open: new Set(), used: new Set() });
}

function renderText(text: string, work: Work): string {
  if (!/\{\{|<|\\\{/.test(text)) return text;
  const source = { work, text };
  return renderNodes(parseMacros(text, work.context.mode), source);
}

function renderNodes(nodes: readonly Node[], source: Source): string {
  return renderRange({ nodes, pairs: pairScopes(nodes, opens), from: 0, to: nodes.length }, source);
}

/** Part of a list of nodes whose scopes are known. */
interface Range {
  nodes: readonly Node[];
  pairs: ReadonlyMap<number, number>;
  from: number;
  to: number;
}

function renderRange({ nodes, pairs, from, to }: Range, source: Source): string {
  const pieces: Piece[] = [];
  for (let place = from; place < to; place += 1) {
    const node = nodes[place];
    if (!node) break;
    if (node.kind === 'text') pieces.push(node.text);
    else if (node.kind === 'tag') pieces.push(renderTag(node.name, source) ?? node.text);
    else {
      const closer = pairs.get(place);
      const scope = closer === undefined || closer >= to ? null : { nodes, pairs, from: place + 1, to: closer };
      pieces.push(renderMacro(node, { source, scope }));
      if (scope) place = scope.to;
    }
  }
  return joinPieces(pieces);
}

function renderTag(name: string, source: Source): Piece | undefined {
  const definition = findMacro(name === 'bot' ? 'char' : name);
  return definition && produce(source, () => runMacro(definition, { node: null, source, values: [] }));
}

function renderMacro(node: MacroNode, { source, scope }: { source: Source; scope: Range | null }): Piece {
  const { work } = source;
  if (work.produced > MAX_PRODUCED || work.depth >= MAX_DEPTH) return written(node, { source, scope });
  work.depth += 1;
  const piece = produce(source, () => sayMacro(node, { source, scope }));
  work.depth -= 1;
  return piece ?? literal(node, { source, scope });
}

function produce({ work }: Source, say: () => Piece | undefined): Piece | undefined {
  const piece = say();
  if (typeof piece === 'string') work.produced += piece.length;
  return piece;
}

/** Exactly what stands in the text. */
function written(node: MacroNode, { source, scope }: { source: Source; scope: Range | null }): string {
  const closer = scope?.nodes[scope.to];
  return source.text.slice(node.start, closer?.kind === 'macro' ? closer.end : node.end);
}

/** An unknown macro: its braces, and what its inner ones say. */
function literal(node: MacroNode, { source, scope }: { source: Source; scope: Range | null }): string {
  const inner = `{{${renderNodes(node.inner, source)}}}`;
  if (!scope) return inner;
  const closer = scope.nodes[scope.to];
  return (
    inner + renderRange(scope, source) + (closer?.kind === 'macro' ? written(closer, { source, scope: null }) : '')
  );
}

/** What a macro says; undefined when it is none. */
function sayMacro(node: MacroNode, { source, scope }: { source: Source; scope: Range | null }): Piece | undefined {
  if (node.variable) return sayVariable(node, source);
  if (node.name === null || node.closing) return undefined;
  if (node.name === 'if') return sayIf(node, { source, scope });
  const definition = findMacro(node.name);
  if (!definition) return node.rest.length === 0 ? source.work.context.extra?.get(node.name) : undefined;
  const [fewest, most] = definition.takes;
  const inline = splitArguments(node.rest, most);
  const values = inline.map((nodes) => () => renderNodes(nodes, source));
  if (scope) values.push(() => renderScope(scope, { source, keepSpace: node.keepSpace }));
  if (values.length < fewest || values.length > most) return undefined;
  return runMacro(definition, { node, source, values });
}

function renderScope(scope: Range, { source, keepSpace }: { source: Source; keepSpace: boolean }): string {
  const text = renderRange(scope, source);
  return keepSpace ? text : dedent(text);
}

function runMacro(
  definition: MacroDefinition,
  { node, source, values }: { node: MacroNode | null; source: Source; values: readonly (() => string)[] },
): Piece {
  const { work, text } = source;
  const known = new Map<number, string>();
  return definition.run({
    context: work.context,
    count: values.length,
    argument: (place) => {
      const value = known.get(place) ?? values[place]?.() ?? '';
      known.set(place, value);
      return value;
    },
    render: (name, inside) => renderInside(name, inside, work),
    place: () => `${text}\u0000${node?.start ?? 0}`,
    once: (name) => {
      const first = !work.used.has(name);
      work.used.add(name);
      return first;
    },
  });
}

function renderInside(name: string, text: string, work: Work): string {
  if (work.open.has(name)) return '';
  work.open.add(name);
  const rendered = renderText(text, work);
  work.open.delete(name);
  return rendered;
}

function sayVariable({ rest, variable }: MacroNode, source: Source): string | undefined {
  const first = rest[0];
  if (first?.kind !== 'text' || !variable) return undefined;
  const shorthand = readShorthand(first.text);
  const after = shorthand ? first.text.slice(shorthand.length) : '';
  const [value = []] = splitArguments([{ kind: 'text', text: after }, ...rest.slice(1)], 1);
  if (!shorthand) return undefined;
  const { name, operator } = shorthand;
  // What stands behind a name or a step belongs to no operator.
  if (value.length > 0 && ['', '++', '--'].includes(operator)) return undefined;
  return runShorthand(source.work.context, {
    scope: variable,
    name,
    operator,
    value: () => renderNodes(value, source),
  });
}

/** `{{if condition}}…{{else}}…{{/if}}` or `{{if::condition::text}}`: only the branch that counts is rendered. */
function sayIf(node: MacroNode, { source, scope }: { source: Source; scope: Range | null }): string | undefined {
  const [condition, inline] = splitArguments(node.rest, scope ? 1 : 2);
  if (!condition || (!scope && !inline)) return undefined;
  const holds = conditionHolds(condition, source);
  if (!scope) return holds ? renderNodes(inline ?? [], source) : '';
  const divide = elseOf(scope);
  const branch = holds
    ? { ...scope, to: divide ?? scope.to }
    : { ...scope, from: divide === null ? scope.to : divide + 1 };
  return renderScope(branch, { source, keepSpace: node.keepSpace });
}

function elseOf({ nodes, pairs, from, to }: Range): number | null {
  for (let place = from; place < to; place += 1) {
    const node = nodes[place];
    if (node?.kind !== 'macro') continue;
    if (node.name === 'else' && !node.closing && node.rest.length === 0) return place;
    place = pairs.get(place) ?? place;
  }
  return null;
}

function conditionHolds(condition: readonly Node[], source: Source): boolean {
  const first = condition[0];
  const negated = first?.kind === 'text' && first.text.startsWith('!');
  const nodes: Node[] = negated
    ? [{ kind: 'text', text: first.text.slice(1).trimStart() }, ...condition.slice(1)]
    : [...condition];
  return isTruthy(conditionText(nodes, source)) !== negated;
}

/** A bare name of a macro or a variable's shorthand stands for what it says. */
function conditionText(nodes: readonly Node[], source: Source): string {
  const [first] = nodes;
  if (first?.kind === 'text' && /^[.$]?[a-z]/i.test(first.text) && (nodes.length === 1 || /^[.$]/.test(first.text))) {
    const [named] = parseMacros(`{{${first.text}}}`, 'spec');
    if (named?.kind === 'macro') {
      const rest = named.variable ? [...named.rest, ...nodes.slice(1)] : named.rest;
      const bare = named.variable !== null || (named.rest.length === 0 && named.name !== 'if');
      const said = bare ? sayMacro({ ...named, rest }, { source, scope: null }) : undefined;
      if (typeof said === 'string') return said;
    }
  }
  return renderNodes(nodes, source);
}

/** The name under which a macro waits for its closer, or null when it has no room for one more argument. */
function opens(node: Node): string | null {
  if (node.kind !== 'macro' || node.name === null) return null;
  if (node.name === 'if') return splitArguments(node.rest, 2).length === 1 ? 'if' : null;
  const most = findMacro(node.name)?.takes[1] ?? 0;
  return most > 0 && splitArguments(node.rest, most).length < most ? node.name : null;
}
