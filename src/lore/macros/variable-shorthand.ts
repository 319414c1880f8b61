import type { MacroContext } from './macro-context.ts';
import { addToVariable, numberOf, setVariable, stepVariable, type Variables } from './variable-macros.ts';

export interface Shorthand {
  name: string;
  operator: string;
  /** How much of the text the name and the operator take. */
  length: number;
}

const FORM = /^([a-z](?:[\w-]*[a-z\d])?)\s*(\+\+|--|\|\|=|\?\?=|\+=|-=|\|\||\?\?|==|!=|>=|<=|=|>|<|$)\s*/i;
/** `name operator` at the beginning of what follows the dot or dollar; null when it is none. */
export function readShorthand(text: string): Shorthand | null {
  const form = FORM.exec(text);
  if (!form?.[1]) return null;
  const operator = form[2] ?? '';
  return { name: form[1], operator, length: form[0].length };
}

/** Empty, `false`, `0`, `off` and `no` count as no. */
export function isTruthy(text: string): boolean {
  return !['', 'false', '0', 'off', 'no'].includes(text.trim().toLowerCase());
}

/** `{{.name operator value}}`; `value` is asked for only where the operator needs it. */
export function runShorthand(
  context: MacroContext,
  { scope, name, operator, value }: { scope: '.' | '$'; name: string; operator: string; value: () => string },
): string {
  const variables = scope === '.' ? context.variables.local : context.variables.global;
  const now = variables.get(name) ?? '';
  switch (operator) {
    case '=':
      setVariable(variables, name, value());
      return '';
    case '+=':
      addToVariable(variables, name, value());
      return '';
    case '-=':
      subtract(variables, { name, value: value() });
      return '';
    case '++':
      return stepVariable(variables, name, 1);
    case '--':
      return stepVariable(variables, name, -1);
    case '||':
      return isTruthy(now) ? now : value();
    case '??':
      return variables.has(name) ? now : value();
    case '||=':
      return isTruthy(now) ? now : assign(variables, name, value());
    case '??=':
      return variables.has(name) ? now : assign(variables, name, value());
    case '':
      return now;
    default:
      return String(compare(now, operator, value()));
  }
}

function assign(variables: Variables, name: string, value: string): string {
  setVariable(variables, name, value);
  return variables.get(name) ?? '';
}

function subtract(variables: Variables, { name, value }: { name: string; value: string }): void {
  const left = numberOf(variables.get(name) ?? '0');
  const right = numberOf(value);
  if (left !== null && right !== null) setVariable(variables, name, String(left - right));
}

/** Equality is of words; order is of numbers, and false where one is none. */
function compare(left: string, operator: string, right: string): boolean {
  if (operator === '==') return left === right;
  if (operator === '!=') return left !== right;
  const [first, second] = [numberOf(left), numberOf(right)];
  if (first === null || second === null) return false;
  if (operator === '>') return first > second;
  if (operator === '>=') return first >= second;
  return operator === '<' ? first < second : first <= second;
}
