import { InvalidInputError } from '../../base/errors.ts';
import { parseCharacterName } from './characters/character-name.ts';
import type { AnswerSource, Generation, GenerationRequest } from './generations.ts';

/** Whoever has the name that was asked for: a character, in a conversation where one is named, else a model. */
export class NamedAnswers implements AnswerSource {
  readonly #sources: { characters: AnswerSource; conversations: AnswerSource; models: AnswerSource };

  constructor(sources: { characters: AnswerSource; conversations: AnswerSource; models: AnswerSource }) {
    this.#sources = sources;
  }

  start(request: GenerationRequest): Promise<Generation> {
    const { characters, conversations, models } = this.#sources;
    const isCharacter = parseCharacterName(request.model) !== null;
    if (request.conversation === undefined) return (isCharacter ? characters : models).start(request);
    if (isCharacter) return conversations.start(request);
    throw new InvalidInputError(
      'Here only characters go on in a conversation: leave “conversation” out, or use POST /v1/responses.',
      { code: 'unsupported', field: 'conversation' },
    );
  }
}
