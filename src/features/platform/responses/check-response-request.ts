import type { ResponseRequest } from '../../../../contract/openai/responses.ts';
import { InvalidInputError } from '../../../base/errors.ts';

/** What `include` may name; addresses of pictures are told anyway. */
const INCLUDED: ReadonlySet<string> = new Set([
  'reasoning.encrypted_content',
  'message.input_image.image_url',
  'message.output_text.logprobs',
]);

/** Throws `InvalidInputError` where it contradicts itself about where the response is kept. */
export function checkKeeping(request: ResponseRequest): void {
  if (request.previous_response_id && request.conversation) {
    throw new InvalidInputError('Give either “previous_response_id” or “conversation”, not both.', {
      field: 'previous_response_id',
    });
  }
  if (request.background === true && request.store === false) {
    throw new InvalidInputError(
      'A response in the background has to be stored: leave out “store”, or set it to true.',
      {
        field: 'store',
      },
    );
  }
}

/** Throws `InvalidInputError` for what this house cannot do, naming the field. */
export function checkResponseRequest(request: ResponseRequest): void {
  checkKeeping(request);
  checkInclude(request.include ?? []);
  if (request.prompt !== undefined && request.prompt !== null) {
    throw unsupported('prompt', 'Prompt templates are not kept here: send “instructions” and “input”.');
  }
  const tier = request.service_tier ?? 'auto';
  if (tier !== 'auto' && tier !== 'default') {
    throw unsupported(
      'service_tier',
      `This house has no service tier “${tier.slice(0, 40)}”: leave it out, or say “default”.`,
    );
  }
  const mode = request.reasoning?.mode ?? 'standard';
  if (mode !== 'standard') {
    throw unsupported(
      'reasoning.mode',
      `No model here thinks in the mode “${mode}”: say “standard”, or raise “effort”.`,
    );
  }
  const managed = request.context_management?.find(({ type }) => type !== 'compaction');
  if (managed) {
    throw unsupported(
      'context_management',
      `Contexts are not managed by “${managed.type.slice(0, 40)}” here: say “compaction”.`,
    );
  }
}

/** Throws `InvalidInputError` for what no answer here holds. */
export function checkInclude(names: readonly string[]): void {
  const unknown = names.find((name) => !INCLUDED.has(name));
  if (unknown === undefined) return;
  throw unsupported('include', `“${unknown.slice(0, 80)}” cannot be included: this house has no such output.`);
}

function unsupported(field: string, message: string): InvalidInputError {
  return new InvalidInputError(message, { code: 'unsupported', field });
}
