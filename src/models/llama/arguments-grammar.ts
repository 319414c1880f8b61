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
 * may be left out. Patterns, formats, lengths and references are not held to: what they stand on is any value of its type.
 */
export function callGrammar(schema: unknown, { comma, quote }: BegunCall): string {
  const rules = new SchemaRules();
  const input = rules.of(schema, 0);
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

/** One call of one of these tools and nothing else, with arguments by its JSON Schema, as GBNF. */
export function onlyCallGrammar(tools: readonly { name: string; schema: unknown }[]): string {
  const rules = new SchemaRules();
  const calls = tools.map(({ name, schema }) => {
    const input = rules.of(schema, 0);
    const begin = literal(`${CALL_OPEN}\n{"name": ${JSON.stringify(name)}, "arguments": `);
    return `${begin} ${input === 'value' ? 'object' : input} ${literal(`}\n${CALL_CLOSE}`)}`;
  });
  return [`root ::= ${calls.join(' | ')}`, ...rules.lines, ...BASE].join('\n');
}

class SchemaRules {
  readonly lines: string[] = [];

  /** The name of the rule for a schema. */
  of(schema: unknown, depth: number): string {
    if (typeof schema !== 'object' || schema === null || depth > MOST_DEPTH || this.lines.length >= MOST_RULES) {
      return 'value';
    }
    const { type, properties, items, ...other } = schema as Record<string, unknown>;
    const values = Array.isArray(other['enum']) ? other['enum'] : 'const' in other ? [other['const']] : null;
    if (values !== null) return this.#choice(values);
    const some = other['anyOf'] ?? other['oneOf'];
    if (Array.isArray(some) && some.length <= MOST_VALUES)
      return this.#either(some.map((one) => this.of(one, depth + 1)));
    if (Array.isArray(type)) {
      return this.#either(type.map((one) => this.of({ ...schema, type: one as unknown }, depth + 1)));
    }
    if (type === 'object' && isRecord(properties)) return this.#object(properties, other['required'], depth);
    if (type === 'array' && isRecord(items)) {
      const item = this.of(items, depth + 1);
      return this.#add(`"[" ws (${item} ("," ws ${item})*)? ws "]"`);
    }
    return (typeof type === 'string' ? TYPES[type] : undefined) ?? 'value';
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
    const pair = (name: string) => `${literal(JSON.stringify(name))} ":" ws ${this.of(properties[name], depth + 1)}`;
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
