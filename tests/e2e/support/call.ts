import type { Locator, Page } from 'playwright-core';
import { fromTones, toTones } from '../../../src/models/scripted/spoken-tones.ts';
import { until } from '../../integration/support/until.ts';
import type { HouseProcess } from './house-process.ts';
import { MICROPHONE_RATE, sayInto } from './microphone.ts';
import { soundOf } from './page-sound.ts';

const RATE = 24_000;

/** Says words into the page's microphone, as tones that scripted ears understand. */
export async function say(page: Page, text: string): Promise<void> {
  await sayInto(page, toTones(text, { sampleRate: MICROPHONE_RATE, speed: 1 }));
}

/** The call page as somebody uses it, in English. */
export class CallOnScreen {
  readonly page: Page;
  readonly state: Locator;
  readonly caption: Locator;

  constructor(page: Page) {
    this.page = page;
    this.state = page.getByTestId('call-state');
    this.caption = page.getByTestId('caption');
  }

  /** By the button of the conversation. */
  static async begin(page: Page, house: HouseProcess, conversationId: string): Promise<CallOnScreen> {
    await page.goto(`${house.address}/c/${conversationId}`);
    await page.getByRole('link', { name: /^Call / }).click();
    const call = new CallOnScreen(page);
    await page.getByRole('timer').waitFor();
    return call;
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name });
  }

  async reaches(state: string): Promise<void> {
    await this.state.filter({ hasText: state }).waitFor();
  }

  /** The words that have come out of the loudspeaker until now. */
  async sounded(): Promise<string> {
    return fromTones(await soundOf(this.page, RATE), RATE);
  }

  /** Waits until these words have come out of the loudspeaker. */
  async hears(words: string): Promise<string> {
    return until(`“${words}” sounds`, async () => {
      const sounded = await this.sounded();
      return sounded.includes(words) ? sounded : null;
    });
  }

  async end(): Promise<void> {
    await this.button('End call').click();
    await this.page.waitForURL('**/c/*');
  }
}

/** A conversation with somebody of few words; answers its id. */
export async function beginShortTalk({ owner }: HouseProcess, greeting: string): Promise<string> {
  const { id } = await owner.call('createCharacter', {
    body: { name: 'Lamp', description: 'Keeps a light.', greeting },
  });
  const conversation = await owner.call('createConversation', { body: { characterId: id, locale: 'en' } });
  return conversation.id;
}
