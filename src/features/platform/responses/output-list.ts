import type { ResponseEventBody } from '../../../../contract/openai/response-events.ts';
import type { OutputItem } from '../../../../contract/openai/response-items.ts';
import type { ResponseObject } from '../../../../contract/openai/response-object.ts';
import { noiseBeside } from '../noise.ts';

/** The output of a response, and where its items stand in it. */
export class OutputList {
  readonly #response: ResponseObject;
  readonly #noisy: boolean;

  /** `noisy`: deltas hide how long their words are. */
  constructor(response: ResponseObject, { noisy }: { noisy: boolean }) {
    this.#response = response;
    this.#noisy = noisy;
  }

  add(item: OutputItem): ResponseEventBody {
    this.#response.output.push(item);
    return { type: 'response.output_item.added', output_index: this.#indexOf(item), item: structuredClone(item) };
  }

  done(item: OutputItem): ResponseEventBody {
    return { type: 'response.output_item.done', output_index: this.#indexOf(item), item: structuredClone(item) };
  }

  placeOf(item: OutputItem): { item_id: string; output_index: number } {
    return { item_id: item.id, output_index: this.#indexOf(item) };
  }

  delta(text: string): { delta: string; obfuscation?: string } {
    return this.#noisy ? { delta: text, obfuscation: noiseBeside(text) } : { delta: text };
  }

  #indexOf(item: OutputItem): number {
    return this.#response.output.indexOf(item);
  }
}
