import type { Moderated, ModerationParam } from '../../../../contract/openai/moderated.ts';
import type { Moderations, ModerationOrder } from '../moderation/moderations.ts';

/** What the house says where a moderation forbids it. */
const INPUT_BLOCKED = 'This request was stopped by the moderation that it asked for';
const OUTPUT_BLOCKED = 'The answer was withheld by the moderation that was asked for';

type Order = Omit<ModerationOrder, 'model' | 'text'>;

/** The moderation that a response asked for: of what was said to the model, then of what it says. */
export class ResponseModeration {
  readonly #moderations: Moderations;
  readonly #wish: ModerationParam;
  readonly #order: Order;
  #input: Moderated = { type: 'error', code: 'not_moderated', message: 'The input was not looked at.' };

  constructor(moderations: Moderations, { wish, order }: { wish: ModerationParam; order: Order }) {
    this.#moderations = moderations;
    this.#wish = wish;
    this.#order = order;
  }

  /** Nothing may be told before it was judged. */
  get holdsBack(): boolean {
    return this.#wish.policy?.output?.mode === 'block';
  }

  /** Looks at what is asked. A text = why it is not answered. Throws where nobody here moderates. */
  async checkInput(text: string): Promise<string | null> {
    this.#input = await this.#judge(text);
    return this.#wish.policy?.input?.mode === 'block' ? whyBlocked(this.#input, INPUT_BLOCKED) : null;
  }

  /** Looks at what was answered. `blocked`: a text = why it is not told. */
  async checkOutput(text: string): Promise<{ found: { input: Moderated; output: Moderated }; blocked: string | null }> {
    const output: Moderated =
      text === ''
        ? { type: 'error', code: 'no_output', message: 'There was no text to look at.' }
        : await this.#judge(text);
    const blocked = this.holdsBack && text !== '' ? whyBlocked(output, OUTPUT_BLOCKED) : null;
    return { found: { input: this.#input, output }, blocked };
  }

  #judge(text: string): Promise<Moderated> {
    return this.#moderations.judge({ ...this.#order, model: this.#wish.model, text });
  }
}

/** What could not be looked at does not pass where it is to be blocked. */
function whyBlocked(found: Moderated, what: string): string | null {
  if (found.type === 'error') return `${what}: it could not be looked at (${found.message})`;
  if (!found.flagged) return null;
  const names = Object.keys(found.categories).filter((name) => found.categories[name]);
  return `${what} (${names.join(', ')}).`;
}
