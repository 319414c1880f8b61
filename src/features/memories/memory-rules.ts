import type { MemoryRule, NewMemoryRule } from '../../../contract/memory.ts';
import type { Actor } from '../../accounts/actor.ts';
import { InvalidInputError, NotFoundError } from '../../base/errors.ts';
import { readMessages } from '../../conversation/message-store.ts';
import { textOf } from '../../conversation/tree-types.ts';
import { clip, oneLine } from '../../memory/excerpt.ts';
import { foldWords } from '../../memory/facts/fold-words.ts';
import type { RuleRow } from '../../memory/facts/rule-store.ts';
import type { Pair } from '../../memory/pair-view.ts';
import type { Forgetting } from './forgetting.ts';
import { requirePair, type MemoriesContext } from './memories-context.ts';

/** Characters of a message that name it. */
const LABEL_LENGTH = 120;
/** Rules of one person for one character; each is looked for in every text that is remembered. */
const MOST_RULES = 2000;

/** What a person never wants remembered. */
export class MemoryRules {
  readonly #context: MemoriesContext;
  readonly #forgetting: Forgetting;

  constructor(context: MemoriesContext, forgetting: Forgetting) {
    this.#context = context;
    this.#forgetting = forgetting;
  }

  /** Newest first. */
  async list(actor: Actor, characterId: string): Promise<{ rules: MemoryRule[] }> {
    const { pair } = await requirePair(this.#context, actor, characterId);
    return { rules: await this.#list(pair) };
  }

  async #list(pair: Pair): Promise<MemoryRule[]> {
    const rules = await this.#context.facts.listRules({ pair });
    const named = rules.filter(({ kind }) => kind === 'message').map(({ value }) => value);
    const messages = await readMessages(this.#context.storage.db, named);
    const labels = new Map(messages.map(({ id, parts }) => [id, clip(oneLine(textOf(parts)), LABEL_LENGTH)]));
    return rules.map((rule) => present(rule, labels)).toReversed();
  }

  async add(actor: Actor, characterId: string, rule: NewMemoryRule): Promise<MemoryRule> {
    const { pair } = await requirePair(this.#context, actor, characterId);
    if ((await this.#context.facts.listRules({ pair })).length >= MOST_RULES) {
      throw new InvalidInputError(`There are ${MOST_RULES} rules already: remove some first.`, {
        code: 'too-many-rules',
        field: 'words',
      });
    }
    return rule.kind === 'words' ? this.#addWords(actor, pair, rule) : this.#addMessage(actor, pair, rule);
  }

  async #addWords(
    actor: Actor,
    pair: Pair,
    { words, everyCharacter = false }: Extract<NewMemoryRule, { kind: 'words' }>,
  ): Promise<MemoryRule> {
    if (foldWords(words) === '') {
      throw new InvalidInputError('There is no word in it: write at least one letter or number.', { field: 'words' });
    }
    const { facts, events } = this.#context;
    const rule = await facts.addWordsRule(pair, {
      words: words.trim(),
      everyCharacter,
      join: (trx) =>
        events.append(trx, {
          type: 'memory-forget',
          actorId: actor.userId,
          subjectId: pair.characterId,
          payload: { rule: 'words', everyCharacter },
        }),
    });
    return present(rule, new Map());
  }

  /** Forgets the message. */
  async #addMessage(
    actor: Actor,
    pair: Pair,
    { messageId }: Extract<NewMemoryRule, { kind: 'message' }>,
  ): Promise<MemoryRule> {
    await this.#forgetting.message(actor, messageId, pair);
    const rule = (await this.#list(pair)).find((one) => one.messageId === messageId);
    if (!rule) throw new NotFoundError('There is no such message.', { field: 'messageId' });
    return rule;
  }

  async remove(actor: Actor, id: string): Promise<void> {
    const { facts, events } = this.#context;
    await facts.deleteRule({
      ownerId: actor.userId,
      id,
      join: (trx) =>
        events.append(trx, {
          type: 'memory-change',
          actorId: actor.userId,
          subjectId: actor.userId,
          payload: { ruleId: id },
        }),
    });
  }
}

function present({ id, kind, value, label, characterId, createdAt }: RuleRow, labels: ReadonlyMap<string, string>) {
  return {
    id,
    kind: kind === 'words' ? ('words' as const) : ('message' as const),
    label: kind === 'words' ? label : (labels.get(value) ?? ''),
    messageId: kind === 'words' ? null : value,
    everyCharacter: characterId === null,
    createdAt,
  };
}
