import type { Caller, Method } from '../tests/integration/support/caller.ts';
import { kindsOf, type OpenApiDocument } from './openai-fields.ts';

/** Operations that take and tell things of kinds which are asked about here. */
const OF_KINDS = /^[A-Z]+ \/(?:responses|conversations)(?:\/|$)/;
/** Operations that answer with a response. */
const ANSWERED = /^(?:POST|GET) \/responses(?:\/\{\}(?:\/cancel)?)?$/;
const MODEL = 'test';
const FUNCTION = { type: 'function', name: 'look', parameters: {}, strict: false };
const response = { model: MODEL, input: 'Hello' };

/** Where a kind of thing is sent, and the code by which this house refuses it there. */
const DOORS = [
  {
    schemas: ['InputItem', 'OutputItem', 'ItemResource', 'ConversationItem'],
    path: '/v1/conversations',
    body: (type: string) => ({ items: [{ type }] }),
    code: 'unsupported_value',
  },
  {
    schemas: ['Tool'],
    path: '/v1/responses',
    body: (type: string) => ({ ...response, tools: [{ type }] }),
    code: 'unsupported_tool',
  },
  {
    schemas: ['ToolChoiceParam'],
    path: '/v1/responses',
    body: (type: string) => ({ ...response, tools: [FUNCTION], tool_choice: { type } }),
    code: 'unsupported_value',
  },
] as const;

/** What comes only of a refused tool: notes of sources in answers, pictures of a screen. */
const MADE_BY: Readonly<Record<string, string>> = {
  url_citation: 'web_search',
  file_citation: 'file_search',
  container_file_citation: 'code_interpreter',
  file_path: 'code_interpreter',
  computer_screenshot: 'computer',
  'response.output_text.annotation.added': 'web_search',
};

/** Fields whose wish is refused: `asks` shows it, and is believed only where this house answers with `code`. */
const WISHES: readonly {
  what: string;
  operations: RegExp;
  fields: RegExp;
  asks: { method: Method; path: string; body?: object | (() => FormData) };
  code: string;
}[] = [
  {
    what: 'templates of prompts',
    operations: ANSWERED,
    fields: /(?:^|response\.)(?:prompt(?:\.|$)|instructions\[\])/,
    asks: { method: 'POST', path: '/v1/responses', body: { ...response, prompt: { id: 'pmpt_1' } } },
    code: 'unsupported_value',
  },
  {
    what: 'calls that programs of the model make, and what they are answered in its output',
    operations: ANSWERED,
    fields: /(?:output\[\]|item)\.(?:caller|output)/,
    asks: {
      method: 'POST',
      path: '/v1/responses',
      body: { ...response, tools: [{ type: 'programmatic_tool_calling' }] },
    },
    code: 'unsupported_tool',
  },
  {
    what: 'namespaces of tools',
    operations: ANSWERED,
    fields: /(?:output\[\]|item)\.namespace$/,
    asks: { method: 'POST', path: '/v1/responses', body: { ...response, tools: [{ type: 'namespace' }] } },
    code: 'unsupported_tool',
  },
  {
    what: 'grammars of custom tools',
    operations: ANSWERED,
    fields: /(?:^|response\.)tools\[\]\.format\.(?:syntax|definition)$/,
    asks: {
      method: 'POST',
      path: '/v1/responses',
      body: {
        ...response,
        tools: [{ type: 'custom', name: 'look', format: { type: 'grammar', syntax: 'regex', definition: 'a' } }],
      },
    },
    code: 'unsupported_value',
  },
  {
    what: 'styles of models',
    operations: /^POST \/responses\/input_tokens$/,
    fields: /^personality$/,
    asks: { method: 'POST', path: '/v1/responses/input_tokens', body: { ...response, personality: 'friendly' } },
    code: 'unsupported_value',
  },
  {
    what: 'deleting models',
    operations: /^DELETE \/models/,
    fields: /./,
    asks: { method: 'DELETE', path: `/v1/models/${MODEL}` },
    code: 'model_not_deletable',
  },
  {
    what: 'telling speakers apart',
    operations: /^POST \/audio\/transcriptions$/,
    fields: /^(?:segments\[\]\.(?:speaker|type)|speaker|segment_id|id|start|end)$/,
    asks: {
      method: 'POST',
      path: '/v1/audio/transcriptions',
      body: () => recording('response_format', 'diarized_json'),
    },
    code: 'unsupported_format',
  },
  {
    what: 'samples of known speakers',
    operations: /^POST \/audio\/transcriptions$/,
    fields: /^known_speaker/,
    asks: {
      method: 'POST',
      path: '/v1/audio/transcriptions',
      body: () => recording('known_speaker_names[]', 'Ann'),
    },
    code: 'unsupported_format',
  },
  {
    what: 'probabilities of transcribed words',
    operations: /^POST \/audio\/transcriptions$/,
    fields: /^logprobs/,
    asks: {
      method: 'POST',
      path: '/v1/audio/transcriptions',
      body: () => recording('include[]', 'logprobs'),
    },
    code: 'unsupported_value',
  },
  {
    what: 'hints for transcripts',
    operations: /^POST \/audio\/transcriptions$/,
    fields: /^keywords/,
    asks: {
      method: 'POST',
      path: '/v1/audio/transcriptions',
      body: () => recording('keywords[]', 'Ann'),
    },
    code: 'unsupported_value',
  },
  {
    what: 'other cuts of recordings',
    operations: /^POST \/audio\/transcriptions$/,
    fields: /^chunking_strategy\./,
    asks: {
      method: 'POST',
      path: '/v1/audio/transcriptions',
      body: () => recording('chunking_strategy', 'server_vad'),
    },
    code: 'unsupported_value',
  },
  {
    what: 'times of single words',
    operations: /^POST \/audio\/transcriptions$/,
    fields: /^words/,
    asks: {
      method: 'POST',
      path: '/v1/audio/transcriptions',
      body: () => recording('timestamp_granularities[]', 'word'),
    },
    code: 'unsupported_value',
  },
];

/** What a house refuses by name, as it said itself when it was asked. */
export class Refusals {
  /** Values of `type`. */
  readonly kinds: ReadonlySet<string>;
  readonly #wishes: typeof WISHES;

  private constructor(kinds: ReadonlySet<string>, wishes: typeof WISHES) {
    this.kinds = kinds;
    this.#wishes = wishes;
  }

  static async ask(caller: Caller, theirs: OpenApiDocument): Promise<Refusals> {
    const refused = new Set<string>();
    const taken = new Set<string>();
    for (const { schemas, path, body, code } of DOORS) {
      for (const kind of new Set(schemas.flatMap((schema) => kindsOf(theirs, schema)))) {
        const said = await codeOf(caller, { method: 'POST', path, body: body(kind) });
        (said === code ? refused : taken).add(kind);
      }
    }
    for (const kind of taken) refused.delete(kind);
    for (const [made, tool] of Object.entries(MADE_BY)) if (refused.has(tool)) refused.add(made);
    for (const event of kindsOf(theirs, 'ResponseStreamEvent')) {
      const told = event.split('.')[1] ?? '';
      if (Array.from(refused).some((kind) => told.startsWith(kind))) refused.add(event);
    }
    const wishes = [];
    for (const wish of WISHES) if ((await codeOf(caller, wish.asks)) === wish.code) wishes.push(wish);
    return new Refusals(refused, wishes);
  }

  /** What is refused where `field` of `operation` is asked for; null where nothing is. `kind`: what alone has it. */
  of(operation: string, field: string, kind: string | null): string | null {
    const wish = this.#wishes.find(({ operations, fields }) => operations.test(operation) && fields.test(field));
    return wish?.what ?? (kind !== null && OF_KINDS.test(operation) ? `“${kind}”` : null);
  }
}

function recording(field: string, value: string): FormData {
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(8)]), 'a.wav');
  form.append('model', 'whisper-1');
  form.append(field, value);
  return form;
}

async function codeOf(
  caller: Caller,
  { method, path, body }: { method: Method; path: string; body?: object | (() => FormData) },
): Promise<string | null> {
  const init =
    typeof body === 'function'
      ? { body: body() }
      : body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const answer = await caller.fetch(path, { method, ...init });
  const { error } = (await answer.json()) as { error?: { code?: string } | null };
  return error?.code ?? null;
}
