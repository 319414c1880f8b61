import type { MacroContext } from './macro-context.ts';
import type { MacroCall, MacroDefinition, MacroTable } from './macro-definition.ts';

/** What a conversation may remember in variables: names, and UTF-16 units in each. */
const MAX_VARIABLES = 2000;
const MAX_VALUE = 100_000;
const MAX_NAME = 1000;

export type Variables = Map<string, string>;

/** Values beyond the limits are cut; a new variable beyond the limit is not kept. */
export function setVariable(variables: Variables, name: string, value: string): void {
  if (name === '' || name.length > MAX_NAME) return;
  if (!variables.has(name) && variables.size >= MAX_VARIABLES) return;
  variables.set(name, value.slice(0, MAX_VALUE));
}

/** A number as written, or null when it is none. */
export function numberOf(text: string): number | null {
  if (text.trim() === '') return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

/** Numbers are added, lists get one more, other words go to the end. */
export function addToVariable(variables: Variables, name: string, value: string): void {
  const before = variables.get(name) ?? '';
  const list = listOf(before);
  if (list) {
    setVariable(variables, name, JSON.stringify([...list, value]));
    return;
  }
  const left = before === '' ? 0 : numberOf(before);
  const right = numberOf(value);
  const sum = left === null || right === null ? before + value : String(left + right);
  setVariable(variables, name, sum);
}

function listOf(text: string): unknown[] | null {
  if (!text.startsWith('[')) return null;
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

/** The new value; words that are no number count from 0. */
export function stepVariable(variables: Variables, name: string, step: number): string {
  const value = String((numberOf(variables.get(name) ?? '') ?? 0) + step);
  setVariable(variables, name, value);
  return value;
}

type Scope = (context: MacroContext) => Variables;

function macrosOf(suffix: string, scope: Scope): Record<string, MacroDefinition> {
  const named = (run: (variables: Variables, name: string, call: MacroCall) => string): MacroDefinition => ({
    takes: [1, 1],
    volatile: true,
    run: (call) => run(scope(call.context), call.argument(0), call),
  });
  const valued = (run: (variables: Variables, name: string, value: string) => void): MacroDefinition => ({
    takes: [2, 2],
    volatile: true,
    run: (call) => {
      run(scope(call.context), call.argument(0), call.argument(1));
      return '';
    },
  });
  const has = named((variables, name) => String(variables.has(name)));
  const remove = named((variables, name) => {
    variables.delete(name);
    return '';
  });
  return {
    [`get${suffix}`]: named((variables, name) => variables.get(name) ?? ''),
    [`set${suffix}`]: valued(setVariable),
    [`add${suffix}`]: valued(addToVariable),
    [`inc${suffix}`]: named((variables, name) => stepVariable(variables, name, 1)),
    [`dec${suffix}`]: named((variables, name) => stepVariable(variables, name, -1)),
    [`has${suffix}`]: has,
    [`${suffix}exists`]: has,
    [`delete${suffix}`]: remove,
    [`flush${suffix}`]: remove,
  };
}

/** What a conversation remembers (`var`), and what all of a person's conversations do (`globalvar`). */
export const variableMacros: MacroTable = {
  ...macrosOf('var', ({ variables }) => variables.local),
  ...macrosOf('globalvar', ({ variables }) => variables.global),
};
