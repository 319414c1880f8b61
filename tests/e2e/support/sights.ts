import type { Page } from 'playwright-core';
import type { HouseProcess } from './house-process.ts';

/** What a walk through the app needs to find its way. */
export interface Grounds {
  house: HouseProcess;
  /** With a greeting alone. */
  freshId: string;
  /** With messages, versions and a receipt. */
  talkId: string;
  /** Whose last reply failed. */
  failedId: string;
  /** Made by the owner. */
  characterId: string;
  personaId: string;
  /** With an entry. */
  bookId: string;
  presetId: string;
  /** A room with a guest, a closed door and a whisper. */
  roomId: string;
  /** The secret of a link into it. */
  roomToken: string;
}

/** Nobody signed in, an owner who has not said a name, one who has, or one who has been welcomed. */
export type Onlooker = 'nobody' | 'nameless' | 'newcomer' | 'owner';

export interface Sight {
  name: string;
  as: Onlooker;
  path: (grounds: Grounds) => string;
  /** Waits until the page is there and brings it into the state meant. */
  reach: (page: Page) => Promise<void>;
}

/** The heading is there, and nothing is on its way any more. */
const heading = async (page: Page) => {
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await page.waitForFunction(() => document.querySelector('.mantine-Loader-root, [aria-busy=true]') === null);
};
/** A page of the settings: what is in its first panel, too. */
const panel = async (page: Page) => {
  await heading(page);
  await page.locator('main section p, main section fieldset, main section button').first().waitFor();
};
const tiles = async (page: Page) => {
  await heading(page);
  await page.locator('main a img').first().waitFor();
};
const form = async (page: Page) => {
  await heading(page);
  await page.getByRole('main').getByRole('textbox').first().waitFor();
};
const talkReady = async (page: Page) => {
  await page.getByRole('article').first().waitFor();
};

const SETTINGS = [
  'appearance',
  'account',
  'personas',
  'presets',
  'people',
  'voices',
  'models',
  'providers',
  'tools',
  'data',
  'keyboard',
  'about',
] as const;

/** Of the console for developers. What its own chunks draw is there, too. */
const CONSOLE = [
  'start',
  'playground',
  'keys',
  'teams',
  'usage',
  'invoices',
  'logs',
  'webhooks',
  'quality',
  'reference',
  'prices',
  'limits',
  'routes',
] as const;
const consolePart = async (page: Page) => {
  await heading(page);
  await page.locator('main :is(section, form) :is(p, li, button, select, textarea, table)').first().waitFor();
  await page.waitForFunction(() => document.querySelector('.mantine-Loader-root, [aria-busy=true]') === null);
};
const CONSOLE_SIGHTS: readonly Sight[] = [
  { name: 'developers', as: 'owner', path: () => '/developers', reach: heading },
  ...CONSOLE.map((section): Sight => ({
    name: `developers: ${section}`,
    as: 'owner',
    path: () => `/developers/${section}`,
    reach: consolePart,
  })),
];

/** The browser waits for a press before it lets the page sound; its machine has no microphone. */
const beginCall = async (page: Page) => {
  const begin = page.locator('main button[data-stage]');
  await begin.or(page.getByRole('alert')).first().waitFor();
  if (await begin.isVisible()) await begin.click();
  await page.getByRole('timer').waitFor();
};
const callPath = ({ freshId }: Grounds) => `/call/${freshId}`;
const CALLS: readonly Sight[] = [
  {
    name: 'call, before it begins',
    as: 'owner',
    path: callPath,
    reach: (page) => page.locator('main button').first().waitFor(),
  },
  {
    name: 'call, no microphone, writing',
    as: 'owner',
    path: callPath,
    reach: async (page) => {
      await beginCall(page);
      await page.getByRole('alert').getByRole('button').last().click();
      await page.locator('main form input').waitFor();
    },
  },
  {
    name: 'call, settings',
    as: 'owner',
    path: callPath,
    reach: async (page) => {
      await beginCall(page);
      await page.locator('main ul button').last().click();
      await page.locator('[role=dialog] select').first().waitFor();
    },
  },
  {
    name: 'call, ending it',
    as: 'owner',
    path: callPath,
    reach: async (page) => {
      await beginCall(page);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').getByRole('button').first().waitFor();
    },
  },
  {
    name: 'call, voices to fetch',
    as: 'owner',
    path: callPath,
    reach: async (page) => {
      const missing = { modelId: 'voice', label: 'Voice', sizeBytes: 60_000_000, licence: 'CC0-1.0' };
      const json = { language: 'en', ready: false, fetching: false, missing: [missing], totalBytes: 60_000_000 };
      await page.route('**/api/voice/readiness*', (route) =>
        route.fulfill({ json: { ...json, receivedBytes: 0, error: null } }),
      );
      await page.reload();
      await page.locator('main section button').waitFor();
      await page.unroute('**/api/voice/readiness*');
    },
  },
  {
    name: 'call, elder',
    as: 'owner',
    path: ({ freshId }) => `/call/${freshId}?elder`,
    reach: async (page) => {
      const button = page.locator('main > button');
      await button.waitFor();
      if (!(await button.getAttribute('data-end'))) await button.click();
      await page.locator('main > button[data-end]').waitFor();
    },
  },
];

/** The n-th of those who are there, its sheet open. */
const memberSheet = (place: number) => async (page: Page) => {
  await talkReady(page);
  // On phones those who are there are one line, which unfolds.
  const folded = page.locator('nav > button[aria-expanded=false]');
  const faces = page.locator('nav li button[aria-haspopup=dialog]');
  await folded.or(faces.first()).first().waitFor();
  if (await folded.isVisible()) await folded.click();
  await faces.nth(place).click();
  await page.locator('[role=dialog] h2').first().waitFor();
};
const roomMenu = (item: RegExp) => async (page: Page) => {
  await talkReady(page);
  await page.locator('header button[aria-haspopup=menu]').last().click();
  await page.getByRole('menuitem', { name: item }).click();
  await page.locator('[role=dialog] input').first().waitFor();
};
const room = ({ roomId }: Grounds) => `/c/${roomId}`;
const ROOM_SIGHTS: readonly Sight[] = [
  { name: 'room', as: 'owner', path: room, reach: talkReady },
  { name: 'room, a character', as: 'owner', path: room, reach: memberSheet(1) },
  { name: 'room, who comes in', as: 'owner', path: room, reach: roomMenu(/^(Add a character|添加角色)$/) },
  { name: 'room, inviting', as: 'owner', path: room, reach: roomMenu(/^(Invite a human|邀请真人)$/) },
  { name: 'room, how it goes', as: 'owner', path: room, reach: roomMenu(/^(How the room goes|房间规则)$/) },
  {
    name: 'room, who hears it',
    as: 'owner',
    path: room,
    reach: async (page) => {
      await talkReady(page);
      await page.locator('form button[aria-haspopup=menu]').first().click();
      await page.locator('[role=menuitemcheckbox]').first().waitFor();
    },
  },
];

/** Every page, and the states of the pages that look different, in any language. */
export const SIGHTS: readonly Sight[] = [
  { name: 'sign-in', as: 'nobody', path: () => '/sign-in', reach: (page) => page.locator('form').waitFor() },
  { name: 'join', as: 'nobody', path: () => '/join', reach: (page) => page.locator('form').waitFor() },
  { name: 'spent link', as: 'nobody', path: () => '/enter#0123456789abcdefghij', reach: heading },
  { name: 'door of a room', as: 'nobody', path: ({ roomToken }) => `/room#${roomToken}`, reach: form },
  { name: 'door that is closed', as: 'nobody', path: () => '/room#0123456789abcdefghij', reach: heading },
  { name: 'welcome: name', as: 'nameless', path: () => '/welcome', reach: heading },
  {
    name: 'welcome: whom to meet',
    as: 'newcomer',
    path: () => '/welcome',
    reach: async (page) => {
      await page.locator('main section button').first().waitFor();
      await page.locator('button[aria-expanded=false]').click();
      await page.locator('button[aria-expanded=true]').waitFor();
    },
  },
  { name: 'list', as: 'owner', path: () => '/', reach: (page) => page.locator('a[href^="/c/"]').first().waitFor() },
  { name: 'conversation, new', as: 'owner', path: ({ freshId }) => `/c/${freshId}`, reach: talkReady },
  { name: 'conversation', as: 'owner', path: ({ talkId }) => `/c/${talkId}`, reach: talkReady },
  { name: 'map of branches', as: 'owner', path: ({ talkId }) => `/c/${talkId}/map`, reach: heading },
  { name: 'list of branches', as: 'owner', path: ({ talkId }) => `/c/${talkId}/map?view=outline`, reach: heading },
  ...ROOM_SIGHTS,
  { name: 'conversation, failed reply', as: 'owner', path: ({ failedId }) => `/c/${failedId}`, reach: talkReady },
  {
    name: 'receipt',
    as: 'owner',
    path: ({ talkId }) => `/c/${talkId}`,
    reach: async (page) => {
      await page.locator('article button[aria-pressed]').last().click();
      await page.locator('dl dd').first().waitFor();
    },
  },
  {
    name: 'conversation menu',
    as: 'owner',
    path: ({ talkId }) => `/c/${talkId}`,
    reach: async (page) => {
      await talkReady(page);
      await page.locator('header button[aria-haspopup=menu]').click();
      await page.getByRole('menuitem').first().waitFor();
    },
  },
  {
    name: 'exact prompt',
    as: 'owner',
    path: ({ talkId }) => `/c/${talkId}`,
    reach: async (page) => {
      await page.locator('article button[aria-pressed]').last().click();
      await page.getByRole('button', { name: /exact prompt|原文/ }).click();
      await page.locator('[role=dialog] pre').first().waitFor();
    },
  },
  {
    name: 'who one is',
    as: 'owner',
    path: ({ talkId }) => `/c/${talkId}`,
    reach: async (page) => {
      await talkReady(page);
      await page.locator('form button[aria-haspopup=dialog]').click();
      await page.locator('[role=dialog] li button').first().waitFor();
    },
  },
  { name: 'personas', as: 'owner', path: () => '/personas', reach: panel },
  {
    name: 'persona form',
    as: 'owner',
    path: () => '/personas/new',
    reach: (page) => page.locator('form textarea').first().waitFor(),
  },
  { name: 'persona', as: 'owner', path: ({ personaId }) => `/personas/${personaId}`, reach: form },
  { name: 'presets', as: 'owner', path: () => '/presets', reach: panel },
  { name: 'preset of the house', as: 'owner', path: () => '/presets/house-stable', reach: heading },
  {
    name: 'preset, a segment open',
    as: 'owner',
    path: ({ presetId }) => `/presets/${presetId}`,
    reach: async (page) => {
      await heading(page);
      await page.locator('ol > li button[aria-expanded]').first().click();
      await page.locator('ol > li button[aria-expanded=true]').waitFor();
    },
  },
  {
    name: 'books',
    as: 'owner',
    path: () => '/books',
    reach: (page) => page.locator('main a[href^="/books/"]').first().waitFor(),
  },
  {
    name: 'book',
    as: 'owner',
    path: ({ bookId }) => `/books/${bookId}`,
    reach: async (page) => {
      await heading(page);
      await page.getByText('Ferry', { exact: true }).first().waitFor();
    },
  },
  { name: 'book of a card', as: 'owner', path: ({ characterId }) => `/characters/${characterId}/book`, reach: heading },
  {
    name: 'moving',
    as: 'owner',
    path: () => '/moving',
    reach: async (page) => {
      await heading(page);
      await page.locator('main button').first().waitFor();
    },
  },
  { name: 'characters', as: 'owner', path: () => '/characters', reach: tiles },
  {
    name: 'characters, choosing',
    as: 'owner',
    path: () => '/characters',
    reach: async (page) => {
      await tiles(page);
      await page.locator('main li label input[type=checkbox]').first().check({ force: true });
      await page.getByRole('toolbar').waitFor();
    },
  },
  {
    name: 'characters, none found',
    as: 'owner',
    path: () => '/characters?search=zzzz',
    reach: (page) => page.getByRole('status').waitFor(),
  },
  { name: 'character', as: 'owner', path: () => '/characters/starter-mira', reach: heading },
  { name: 'own character', as: 'owner', path: ({ characterId }) => `/characters/${characterId}`, reach: heading },
  {
    name: 'form',
    as: 'owner',
    path: () => '/characters/new',
    reach: (page) => page.locator('form textarea').first().waitFor(),
  },
  {
    name: 'form, everything',
    as: 'owner',
    path: ({ characterId }) => `/characters/${characterId}/edit`,
    reach: async (page) => {
      await page.locator('form textarea').first().waitFor();
      await page
        .locator('[role=radiogroup] label')
        .nth(page.viewportSize()?.width === 390 ? 3 : 1)
        .click();
      await page.locator('form section h2').last().waitFor();
    },
  },
  ...['', '?view=list', '?view=settings'].map((view): Sight => ({
    name: `memory ${view}`,
    as: 'owner',
    path: () => `/characters/starter-mira/memory${view}`,
    reach: heading,
  })),
  { name: 'versions', as: 'owner', path: ({ characterId }) => `/characters/${characterId}/versions`, reach: heading },
  ...CALLS,
  { name: 'nothing there', as: 'owner', path: () => '/nothing/here', reach: heading },
  { name: 'settings', as: 'owner', path: () => '/settings', reach: heading },
  ...SETTINGS.map((section): Sight => ({
    name: `settings: ${section}`,
    as: 'owner',
    path: () => `/settings/${section}`,
    reach: panel,
  })),
  ...CONSOLE_SIGHTS,
  // Last: a begun edit is kept, and stands there when the talk is opened again.
  {
    name: 'editing',
    as: 'owner',
    path: ({ talkId }) => `/c/${talkId}`,
    reach: async (page) => {
      await talkReady(page);
      await page.locator('textarea').last().focus();
      await page.keyboard.press('ArrowUp');
      await page.locator('article textarea').waitFor();
    },
  },
];

/** What has controls of its own besides: only the walk over controls goes there. */
export const MORE_SIGHTS: readonly Sight[] = [
  {
    name: 'list, choosing',
    as: 'owner',
    path: () => '/',
    reach: async (page) => {
      await page.locator('a[href^="/c/"]').first().focus();
      await page.keyboard.press('Space');
      await page.getByRole('toolbar').waitFor();
    },
  },
  { name: 'search', as: 'owner', path: () => '/search?q=door', reach: heading },
  { name: 'worlds', as: 'owner', path: () => '/worlds', reach: heading },
  ...['replies', 'devices'].map((section): Sight => ({
    name: `settings: ${section}`,
    as: 'owner',
    path: () => `/settings/${section}`,
    reach: panel,
  })),
];
