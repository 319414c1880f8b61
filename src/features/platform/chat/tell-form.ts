import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';

type Call = Omit<LanguageModelV4CallOptions, 'abortSignal'>;

/**
 * A call with the schema of its answer among its words, behind the first system message. A grammar holds a model of this
 * house to the form; what belongs where it learns only from the names and descriptions of the schema, which providers
 * show their models by themselves.
 */
export function tellForm(call: Call): Call {
  const { responseFormat: format, prompt } = call;
  if (format?.type !== 'json' || !format.schema) return call;
  const told = [
    '# Answer',
    '',
    'Answer with one JSON value and nothing else. It keeps to this JSON Schema, whose names and descriptions say what belongs where:',
    ...(format.description ? [format.description] : []),
    JSON.stringify(format.schema),
  ].join('\n');
  const [first, ...others] = prompt;
  return first?.role === 'system'
    ? { ...call, prompt: [{ ...first, content: `${first.content}\n\n${told}` }, ...others] }
    : { ...call, prompt: [{ role: 'system', content: told }, ...prompt] };
}
