import type { Locator, Page } from 'playwright-core';
import type { HouseProcess } from './house-process.ts';

/** The conversation page as somebody reads and uses it, in English. */
export class Talk {
  readonly page: Page;
  readonly box: Locator;

  constructor(page: Page) {
    this.page = page;
    this.box = page.getByRole('textbox', { name: /^Message to / });
  }

  static async open(page: Page, house: HouseProcess, conversationId: string): Promise<Talk> {
    await page.goto(`${house.address}/c/${conversationId}`);
    const talk = new Talk(page);
    await talk.box.waitFor();
    return talk;
  }

  /** All messages on screen, or those of one author. */
  messages(author?: string): Locator {
    return author === undefined
      ? this.page.getByRole('article')
      : this.page.getByRole('article', { name: author, exact: true });
  }

  last(author: string): Locator {
    return this.messages(author).last();
  }

  async say(text: string): Promise<void> {
    await this.box.fill(text);
    await this.page.getByRole('button', { name: 'Send', exact: true }).click();
  }

  /** Waits until the newest message of an author has these words and nobody is writing. */
  async settled(author: string, words: string | RegExp): Promise<Locator> {
    await this.last(author).filter({ hasText: words }).and(this.page.locator('[aria-busy=false]')).waitFor();
    return this.last(author);
  }

  /** Waits until the newest message is being written and has these words already. */
  async writing(author: string, words: string | RegExp): Promise<Locator> {
    await this.last(author).filter({ hasText: words }).and(this.page.locator('[aria-busy=true]')).waitFor();
    return this.last(author);
  }

  get stop(): Locator {
    return this.page.getByRole('button', { name: 'Stop the reply' });
  }
}

/** The owner has been welcomed; the terminal's name for them is given. */
export async function settleOwner(house: HouseProcess, locale: 'en' | 'zh-CN' = 'en'): Promise<void> {
  await house.owner.call('updateMe', { body: { name: 'Robin', locale, onboarded: true } });
}

/** A new conversation of the owner's with a starter; answers its id. */
export async function beginTalk(house: HouseProcess, slug = 'mira'): Promise<string> {
  const { characters } = await house.owner.call('characters');
  const character = characters.find((one) => one.slug === slug);
  if (character === undefined) throw new Error(`There is no character ${slug}.`);
  const { id } = await house.owner.call('createConversation', { body: { characterId: character.id } });
  return id;
}
