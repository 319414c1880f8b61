import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { fullFormats } from 'ajv-formats/dist/formats.js';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** OpenAI's own description of its API, as a judge of what this house answers. */
export class OpenAiDescription {
  readonly #ajv: Ajv2020;

  private constructor(document: object) {
    this.#ajv = new Ajv2020({ strict: false, allErrors: true, logger: false, formats: fullFormats });
    this.#ajv.addSchema(document, 'openai');
  }

  /** `openapi.json` of openai/openai-openapi. */
  static async read(path: string): Promise<OpenAiDescription> {
    const { components } = JSON.parse(await readFile(path, 'utf8')) as { components: { schemas: Json } };
    return new OpenAiDescription({ components: { schemas: withoutNullable(components.schemas) } });
  }

  /** What is wrong with a value by one of the description's schemas; empty where nothing is. */
  faults(schema: string, value: unknown): string[] {
    const validate = this.#ajv.getSchema(`openai#/components/schemas/${schema}`);
    if (!validate) throw new Error(`OpenAI's description has no schema ${schema}.`);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath || '/'} ${message ?? ''}`);
  }
}

/** The description says `nullable` as OpenAPI 3.0 did, which JSON Schema does not know. */
function withoutNullable(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutNullable);
  if (typeof value !== 'object' || value === null) return value;
  const { nullable, ...rest } = value;
  const inner = Object.fromEntries(Object.entries(rest).map(([name, one]) => [name, withoutNullable(one)]));
  return nullable === true ? { anyOf: [inner, { type: 'null' }] } : inner;
}
