import type { ResponseRequest } from '../../../../contract/openai/responses.ts';
import { InvalidInputError } from '../../../base/errors.ts';

/** What `include` may name: it is told anyway. */
const TOLD_ANYWAY: ReadonlySet<string> = new Set(['reasoning.encrypted_content', 'message.input_image.image_url']);

/** Throws `InvalidInputError` for what this house cannot do, naming the field. */
export function checkResponseRequest(request: ResponseRequest): void {
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
  const unknown = request.include?.find((name) => !TOLD_ANYWAY.has(name));
  if (unknown !== undefined) {
    throw unsupported('include', `“${unknown.slice(0, 80)}” cannot be included: this house has no such output.`);
  }
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
  if ((request.top_logprobs ?? 0) > 0) {
    throw unsupported(
      'top_logprobs',
      'Probabilities of tokens are not told in responses: ask chat completions for them.',
    );
  }
}

function unsupported(field: string, message: string): InvalidInputError {
  return new InvalidInputError(message, { code: 'unsupported', field });
}
