import type { MessageNode } from '../../../src/conversation/tree-types.ts';
import { seededRandom } from '../../../src/turn/seeded-random.ts';
import type { RoomHouse } from '../../support/room-house.ts';

/** A message as the test knows it: who hears it is found here anew, by the plainest rule. */
export interface KnownMessage {
  node: MessageNode;
  parent: KnownMessage | null;
  /** Stands in the message and nowhere else; null where it tells what happened. */
  token: string | null;
  hearers: ReadonlySet<string>;
  isOpen: boolean;
  isGone: boolean;
  /** Who is there after it, each behind which door. */
  stage: ReadonlyMap<string, string>;
}

export interface RoomHistory {
  characters: readonly string[];
  humans: readonly string[];
  late: ReadonlySet<string>;
  messages: readonly KnownMessage[];
}

const ALL_CHARACTERS = ['mira', 'bo', 'lee', 'zoe', 'otto', 'ida', 'finn', 'vera'];
const ALL_HUMANS = ['ann', 'kim', 'raj', 'sol'];

/** Chance by name, the same for the same seed. */
export class Chance {
  readonly #random: () => number;

  constructor(seed: string) {
    this.#random = seededRandom(seed);
  }

  below(count: number): number {
    return Math.floor(this.#random() * count);
  }

  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  of<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error('There is nothing to choose from.');
    return item;
  }

  often(share: number): boolean {
    return this.#random() < share;
  }

  some<T>(items: readonly T[]): T[] {
    return items.filter(() => this.often(0.4));
  }
}

export function castBy(chance: Chance): Pick<RoomHistory, 'characters' | 'humans' | 'late'> {
  const characters = ALL_CHARACTERS.slice(0, chance.between(2, 8));
  const humans = ALL_HUMANS.slice(0, chance.between(1, 4));
  const later = [...characters.slice(1), ...humans.slice(1)].filter(() => chance.often(0.25));
  return { characters, humans, late: new Set(later) };
}

export function pathTo(end: KnownMessage | null): KnownMessage[] {
  const path: KnownMessage[] = [];
  for (let at = end; at !== null; at = at.parent) path.unshift(at);
  return path;
}

/** Tells random histories into a house: words, whispers, asides, doors, comings and goings, on branches, some taken back. */
export class RoomTeller {
  readonly #house: RoomHouse;
  readonly #chance: Chance;
  readonly #cast: Pick<RoomHistory, 'characters' | 'humans' | 'late'>;
  readonly #messages: KnownMessage[] = [];
  readonly #newToken: () => string;
  readonly #wordsFor: (token: string) => string;

  constructor({
    house,
    chance,
    cast,
    newToken,
    wordsFor,
  }: {
    house: RoomHouse;
    chance: Chance;
    cast: Pick<RoomHistory, 'characters' | 'humans' | 'late'>;
    newToken: () => string;
    wordsFor: (token: string) => string;
  }) {
    this.#house = house;
    this.#chance = chance;
    this.#cast = cast;
    this.#newToken = newToken;
    this.#wordsFor = wordsFor;
  }

  get history(): RoomHistory {
    return { ...this.#cast, messages: this.#messages };
  }

  /** `onReply` is called for each reply of a character, as soon as it is there. */
  async tell(steps: number, onReply: (reply: KnownMessage, by: string) => Promise<void>): Promise<void> {
    for (let step = 0; step < steps; step += 1) await this.#step(onReply);
  }

  async #step(onReply: (reply: KnownMessage, by: string) => Promise<void>): Promise<void> {
    const chance = this.#chance;
    const below = this.#place();
    const roll = chance.below(100);
    if (roll < 34) await this.#say(below, chance.of(this.#cast.humans));
    else if (roll < 66) {
      const by = chance.of(this.#cast.characters);
      await onReply(await this.#say(below, by), by);
    } else if (roll < 86) await this.#move(below);
    else if (roll < 93) await this.#rewrite(onReply);
    else await this.#takeBack();
  }

  /** Mostly the newest message, sometimes one further up: a branch begins there. */
  #place(): KnownMessage | null {
    if (this.#messages.length === 0) return null;
    return this.#chance.often(0.82) ? (this.#messages.at(-1) ?? null) : this.#chance.of(this.#messages);
  }

  #stageAt(at: KnownMessage | null): ReadonlyMap<string, string> {
    if (at) return at.stage;
    const { characters, humans, late } = this.#cast;
    return new Map([...characters, ...humans].filter((id) => !late.has(id)).map((id) => [id, '']));
  }

  async #say(below: KnownMessage | null, by: string, sibling?: KnownMessage): Promise<KnownMessage> {
    const chance = this.#chance;
    const stage = this.#stageAt(below);
    const to = chance.often(0.3) ? chance.some([...this.#cast.characters, ...this.#cast.humans]) : undefined;
    const token = this.#newToken();
    const node = await this.#house.say({
      by,
      text: this.#wordsFor(token),
      below: below?.node ?? null,
      ...(to === undefined ? {} : { to }),
      ...(sibling ? { more: { editOf: sibling.node.id } } : {}),
    });
    const door = stage.get(by) ?? '';
    const near = [...stage].filter(([, behind]) => behind === door).map(([id]) => id);
    const hearers = new Set([by, ...(to === undefined ? near : to.filter((id) => stage.has(id)))]);
    const known = {
      node,
      parent: below,
      token,
      hearers,
      isOpen: to === undefined && door === '',
      isGone: false,
      stage,
    };
    this.#messages.push(known);
    return known;
  }

  async #move(below: KnownMessage | null): Promise<void> {
    const chance = this.#chance;
    const who = chance.of([...this.#cast.characters.slice(1), ...this.#cast.humans]);
    const before = this.#stageAt(below);
    const isThere = before.has(who);
    const door = before.get(who) ?? '';
    const event = !isThere ? 'enter' : door !== '' ? 'door-open' : chance.often(0.5) ? 'leave' : 'door-close';
    const behind = event === 'door-close' ? chance.of(['cellar', 'attic']) : '';
    const stage = new Map(before);
    if (event === 'leave') stage.delete(who);
    else stage.set(who, behind);
    const { id } = this.#house.who(who);
    const node = await this.#house.move(below?.node ?? null, (at) => {
      if (event === 'leave') delete at.present[id];
      else at.present[id] = behind;
      return { stage: at, event, who };
    });
    this.#messages.push({ node, parent: below, token: null, hearers: new Set(), isOpen: false, isGone: false, stage });
  }

  /** Another version of something said: an edit, or a reply written again. */
  async #rewrite(onReply: (reply: KnownMessage, by: string) => Promise<void>): Promise<void> {
    const said = this.#messages.filter(({ token }) => token !== null);
    if (said.length === 0) return;
    const before = this.#chance.of(said);
    const by = before.node.author.id.slice(this.#house.conversationId.length + 1);
    const known = await this.#say(before.parent, by, before);
    if (before.node.author.kind === 'character') await onReply(known, by);
  }

  async #takeBack(): Promise<void> {
    const said = this.#messages.filter(({ token, isGone }) => token !== null && !isGone);
    if (said.length === 0) return;
    const gone = this.#chance.of(said);
    const change = this.#chance.often(0.5) ? { deletedAt: 1 } : { hidden: 1 };
    const { db } = this.#house.storage;
    await db.updateTable('message').set(change).where('id', '=', gone.node.id).execute();
    gone.isGone = true;
  }
}
