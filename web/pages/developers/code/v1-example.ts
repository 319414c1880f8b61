/** What a program may ask of the house, as it goes over the wire. */
export interface V1Example {
  path: '/chat/completions' | '/responses' | '/audio/speech';
  body: Readonly<Record<string, unknown>>;
  /** The calls that a model will make: a program with them goes on until the model has answered. */
  toolCalls?: readonly { name: string; input: Readonly<Record<string, unknown>>; result: string }[];
}

/** What each tool gives, by its name. */
export function resultsOf(calls: NonNullable<V1Example['toolCalls']>): Record<string, string> {
  return Object.fromEntries(calls.map(({ name, result }) => [name, result]));
}

export interface CodeTarget {
  /** With `/v1`. */
  baseUrl: string;
  /** A key's text, or what stands in for it. */
  key: string;
}

export const CODE_LANGUAGES = ['curl', 'python', 'node', 'langchain', 'ai-sdk'] as const;
export type CodeLanguage = (typeof CODE_LANGUAGES)[number];

/** Names of things, the same in every language. */
export const CODE_NAMES: Readonly<Record<CodeLanguage, string>> = {
  curl: 'curl',
  python: 'Python',
  node: 'Node',
  langchain: 'LangChain',
  'ai-sdk': 'AI SDK',
};
