import type { ResponseEventBody } from '../../../../contract/openai/response-events.ts';
import type { CustomCallItem, FunctionCallItem } from '../../../../contract/openai/response-items.ts';
import type { NewId } from '../../../base/ids.ts';
import { customInput } from '../chat/custom-tools.ts';
import { idOf } from './input-items.ts';
import type { OutputList } from './output-list.ts';

type Call = FunctionCallItem | CustomCallItem;

/** The calls of tools in a response as they are told. Those of custom tools are told whole: their form is not theirs. */
export class ToldCalls {
  readonly #output: OutputList;
  readonly #newId: NewId;
  readonly #custom: ReadonlySet<string>;
  readonly #calls = new Map<string, Call>();

  /** `custom`: names of tools that take a text. */
  constructor(output: OutputList, { newId, custom }: { newId: NewId; custom: ReadonlySet<string> }) {
    this.#output = output;
    this.#newId = newId;
    this.#custom = custom;
  }

  begin(callId: string, name: string): ResponseEventBody {
    const head = { call_id: callId, name, status: 'in_progress' as const };
    const item: Call = this.#custom.has(name)
      ? { id: idOf('custom_tool_call', this.#newId), type: 'custom_tool_call', ...head, input: '' }
      : { id: idOf('function_call', this.#newId), type: 'function_call', ...head, arguments: '' };
    this.#calls.set(callId, item);
    return this.#output.add(item);
  }

  has(callId: string): boolean {
    return this.#calls.has(callId);
  }

  grow(callId: string, delta: string): ResponseEventBody[] {
    const item = this.#calls.get(callId);
    if (item?.type !== 'function_call' || delta === '') return [];
    item.arguments += delta;
    const place = this.#output.placeOf(item);
    return [{ type: 'response.function_call_arguments.delta', ...place, ...this.#output.delta(delta) }];
  }

  end(callId: string, input: string): ResponseEventBody[] {
    const item = this.#calls.get(callId);
    if (!item) return [];
    const place = this.#output.placeOf(item);
    item.status = 'completed';
    if (item.type === 'custom_tool_call') {
      item.input = customInput(input);
      return [
        { type: 'response.custom_tool_call_input.delta', ...place, ...this.#output.delta(item.input) },
        { type: 'response.custom_tool_call_input.done', ...place, input: item.input },
        this.#output.done(item),
      ];
    }
    const grown = item.arguments === '' ? this.grow(callId, input) : [];
    item.arguments = input;
    return [
      ...grown,
      { type: 'response.function_call_arguments.done', ...place, name: item.name, arguments: input },
      this.#output.done(item),
    ];
  }

  /** Those that never came to their end. */
  cutOff(): ResponseEventBody[] {
    const open = Array.from(this.#calls.values()).filter(({ status }) => status === 'in_progress');
    return open.map((item) => {
      item.status = 'incomplete';
      return this.#output.done(item);
    });
  }
}
