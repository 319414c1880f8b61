import { parseCharacterName } from './characters/character-name.ts';
import type { AnswerSource, Generation, GenerationRequest } from './generations.ts';

/** Whoever has the name that was asked for: a character, else a model. */
export class NamedAnswers implements AnswerSource {
  readonly #sources: { characters: AnswerSource; models: AnswerSource };

  constructor(sources: { characters: AnswerSource; models: AnswerSource }) {
    this.#sources = sources;
  }

  start(request: GenerationRequest): Promise<Generation> {
    const { characters, models } = this.#sources;
    return (parseCharacterName(request.model) === null ? models : characters).start(request);
  }
}
