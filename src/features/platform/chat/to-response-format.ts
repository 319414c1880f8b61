import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import { z } from 'zod';
import type { ChatCompletionRequest } from '../../../../contract/openai/chat-completions.ts';
import { InvalidInputError } from '../../../base/errors.ts';
import { parseJson } from './parse-json.ts';

const SCHEMA_FIELD = 'response_format.json_schema.schema';
/** Characters of a schema as JSON; schemas are the words of strangers. */
const LONGEST_SCHEMA = 100_000;

type RequestedFormat = ChatCompletionRequest['response_format'];

/** The form that an answer is held to. */
export function toResponseFormat(format: RequestedFormat): Pick<LanguageModelV4CallOptions, 'responseFormat'> {
  if (!format || format.type === 'text') return {};
  if (format.type === 'json_object') return { responseFormat: { type: 'json' } };
  const { name, description, schema } = format.json_schema;
  return {
    responseFormat: {
      type: 'json',
      name,
      ...(description === undefined ? {} : { description }),
      ...(schema === undefined ? {} : { schema: schema as object }),
    },
  };
}

/** Whether a whole answer has the form that was promised; null where none was. */
export function answerCheck(format: RequestedFormat): ((text: string) => boolean) | null {
  if (!format || format.type === 'text') return null;
  const promised =
    format.type === 'json_schema' && format.json_schema.strict === true ? format.json_schema.schema : null;
  const schema = promised ? readSchema(promised) : z.unknown();
  return (text) => {
    try {
      return schema.safeParse(parseJson(text, 'answer')).success;
    } catch {
      return false;
    }
  };
}

function readSchema(schema: Record<string, unknown>): z.ZodType {
  const text = JSON.stringify(schema);
  if (text.length > LONGEST_SCHEMA) {
    throw new InvalidInputError(`The schema is longer than ${LONGEST_SCHEMA} characters.`, { field: SCHEMA_FIELD });
  }
  try {
    return z.fromJSONSchema(JSON.parse(text, withoutPatterns) as Parameters<typeof z.fromJSONSchema>[0]);
  } catch (error) {
    throw new InvalidInputError(`The schema cannot be used: ${error instanceof Error ? error.message : 'unknown'}`, {
      code: 'invalid-json-schema',
      field: SCHEMA_FIELD,
      cause: error,
    });
  }
}

/** A stranger's pattern could take for ever; what it stands on is any text. */
function withoutPatterns(key: string, value: unknown): unknown {
  return (key === 'pattern' && typeof value === 'string') || key === 'patternProperties' ? undefined : value;
}
