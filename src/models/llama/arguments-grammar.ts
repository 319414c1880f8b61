import { countOf, stringRule, timesOf } from './string-grammar.ts';
import { CALL_CLOSE, CALL_OPEN } from './tool-protocol.ts';

/** Parts of a schema that become rules; beyond it anything that is JSON is allowed. Schemas are the words of strangers. */
const MOST_RULES = 250;
const MOST_DEPTH = 12;
/** Properties of one object, and values of one choice. */
const MOST_PROPERTIES = 40;
const MOST_VALUES = 100;

const BASE = [
  'value ::= object | array | string | number | boolean | null',
  'object ::= "{" ws (string ":" ws value ("," ws string ":" ws value)*)? ws "}"',
  'array ::= "[" ws (value ("," ws value)*)? ws "]"',
  String.raw`string ::= "\"" char* "\""`,
  String.raw`char ::= [^"\\\x00-\x1F] | "\\" (["\\/bfnrt] | "u" [0-9a-fA-F] [0-9a-fA-F] [0-9a-fA-F] [0-9a-fA-F])`,
  'integer ::= "-"? ("0" | [1-9] [0-9]*)',
  'number ::= integer ("." [0-9]+)? ([eE] [-+]? [0-9]+)?',
  'boolean ::= "true" | "false"',
  'null ::= "null"',
  String.raw`ws ::= [ \n]?`,
] as const;

const TYPES: Readonly<Record<string, string>> = {
  object: 'object',
  array: 'array',
  string: 'string',
  number: 'number',
  integer: 'integer',
  boolean: 'boolean',
  null: 'null',
};

/** What of a call stands there already, behind the tool's name: a comma, the quote that opens the next key. */
export interface BegunCall {
  comma: boolean;
  quote: boolean;
}

/**
 * The rest of a call, from behind the tool's name to its closing brace, with arguments by the tool's JSON Schema, as GBNF
 * (llama.cpp `grammars/README.md`). Properties come in the order of the schema, required ones first; what is not required
 * may be left out. Strings keep to patterns, formats and lengths as far as `string-grammar.ts` can hold them, arrays to
 * their lengths. References are followed within their schema.
 */
export function callGrammar(schema: unknown, { comma, quote }: BegunCall): string {
  const rules = new SchemaRules();
  const input = rules.of(schema);
  const root = [
    ...(comma ? [] : ['ws ","']),
    ...(quote ? [] : [String.raw`ws "\""`]),
    String.raw`"arguments\"" ws ":" ws`,
    // A call's arguments are an object, whatever its schema says.
    input === 'value' ? 'object' : input,
    String.raw`ws "}" [ \n]*`,
  ].join(' ');
  return [`root ::= ${root}`, ...rules.lines, ...BASE].join('\n');
}

/** A whole answer by a JSON Schema, as `callGrammar` holds to it. */
export function answerGrammar(schema: unknown): string {
  const rules = new SchemaRules();
  const answer = rules.of(schema);
  return [`root ::= ${answer}`, ...rules.lines, ...BASE].join('\n');
}

/** One call of one of these tools and nothing else, with arguments by its JSON Schema, as GBNF. */
export function onlyCallGrammar(tools: readonly { name: string; schema: unknown }[]): string {
  const rules = new SchemaRules();
  const calls = tools.map(({ name, schema }) => {
    const input = rules.of(schema);
    const begin = literal(`${CALL_OPEN}\n{"name": ${JSON.stringify(name)}, "arguments": `);
    return `${begin} ${input === 'value' ? 'object' : input} ${literal(`}\n${CALL_CLOSE}`)}`;
  });
  return [`root ::= ${calls.join(' | ')}`, ...rules.lines, ...BASE].join('\n');
}

class SchemaRules {
  readonly lines: string[] = [];
  /** Rules of what was referred to, by the schema itself. */
  readonly #referred = new Map<unknown, string>();
  #root: unknown;

  /** The name of the rule for a schema. */
  of(schema: unknown): string {
    this.#root = schema;
    return this.#of(schema, 0);
  }

  #of(schema: unknown, depth: number): string {
    if (!isRecord(schema) || depth > MOST_DEPTH || this.lines.length >= MOST_RULES) return 'value';
    const { type, properties, items, ...other } = schema;
    if (typeof other['$ref'] === 'string') return this.#reference(other['$ref'], depth);
    const all = other['allOf'];
    if (Array.isArray(all) && all.length === 1) return this.#of(all[0], depth + 1);
    const values = Array.isArray(other['enum']) ? other['enum'] : 'const' in other ? [other['const']] : null;
    if (values !== null) return this.#choice(values);
    const some = other['anyOf'] ?? other['oneOf'];
    if (Array.isArray(some) && some.length <= MOST_VALUES)
      return this.#either(some.map((one) => this.#of(one, depth + 1)));
    if (Array.isArray(type)) {
      return this.#either(type.map((one) => this.#of({ ...schema, type: one as unknown }, depth + 1)));
    }
    if ((type === 'object' || type === undefined) && isRecord(properties))
      return this.#object(properties, other['required'], depth);
    if (type === 'array' && isRecord(items)) return this.#array(this.#of(items, depth + 1), other);
    const held = type === 'string' ? stringRule(other) : null;
    if (held !== null) return this.#add(held);
    return (typeof type === 'string' ? TYPES[type] : undefined) ?? 'value';
  }

  #array(item: string, { minItems, maxItems }: Record<string, unknown>): string {
    const least = countOf(minItems) ?? 0;
    const most = countOf(maxItems);
    if (most === 0) return this.#add('"[" ws "]"');
    const more = timesOf(Math.max(0, least - 1), most === null ? null : most - 1);
    const some = `${item} ("," ws ${item})${more}`;
    return this.#add(least > 0 && least <= MOST_VALUES ? `"[" ws ${some} ws "]"` : `"[" ws (${some})? ws "]"`);
  }

  /** The rule has its name before it has its body: a schema may be a part of itself. */
  #reference(ref: string, depth: number): string {
    const target = this.#find(ref);
    if (!isRecord(target)) return 'value';
    const known = this.#referred.get(target);
    if (known !== undefined) return known;
    const name = this.#add('value');
    this.#referred.set(target, name);
    const body = this.#of(target, depth + 1);
    this.lines[Number(name.slice(1))] = `${name} ::= ${body === name ? 'value' : body}`;
    return name;
  }

  /** RFC 6901 within the schema itself; undefined for what is elsewhere. */
  #find(ref: string): unknown {
    if (!ref.startsWith('#')) return undefined;
    let found = this.#root;
    for (const part of ref.slice(1).split('/').slice(1)) {
      const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
      found = isRecord(found) && Object.hasOwn(found, name) ? found[name] : undefined;
    }
    return found;
  }

  #choice(values: readonly unknown[]): string {
    const plain = values.filter((value) => value === null || typeof value !== 'object');
    if (plain.length === 0 || plain.length !== values.length || plain.length > MOST_VALUES) return 'value';
    return this.#add(plain.map((value) => literal(JSON.stringify(value))).join(' | '));
  }

  #either(names: readonly string[]): string {
    const different = [...new Set(names)];
    if (different.length === 0 || different.includes('value')) return 'value';
    return different.length === 1 ? (different[0] ?? 'value') : this.#add(different.join(' | '));
  }

  #object(properties: Record<string, unknown>, required: unknown, depth: number): string {
    const names = Object.keys(properties);
    if (names.length === 0 || names.length > MOST_PROPERTIES) return 'object';
    const needed = new Set(Array.isArray(required) ? required.map(String) : []);
    const pair = (name: string) => `${literal(JSON.stringify(name))} ":" ws ${this.#of(properties[name], depth + 1)}`;
    const first = names.filter((name) => needed.has(name)).map(pair);
    const others = names.filter((name) => !needed.has(name)).map((name) => this.#add(pair(name)));
    const more = (from: number) => others.slice(from).map((rule) => `("," ws ${rule})?`);
    if (first.length > 0) return this.#add(['"{" ws', first.join(' "," ws '), ...more(0), 'ws "}"'].join(' '));
    const begun = others.map((rule, index) => [rule, ...more(index + 1)].join(' '));
    return this.#add(`"{" ws (${begun.join(' | ')})? ws "}"`);
  }

  #add(body: string): string {
    const name = `r${this.lines.length}`;
    this.lines.push(`${name} ::= ${body}`);
    return name;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text as it stands, as a string of the grammar. */
function literal(text: string): string {
  return `"${text.replace(/[\\"]/g, String.raw`\$&`).replaceAll('\n', String.raw`\n`)}"`;
}
