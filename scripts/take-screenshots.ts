import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import type { ApiClient } from '../client/create-client.ts';
import type { Locale } from '../contract/common.ts';
import { HouseProcess } from '../tests/e2e/support/house-process.ts';
import { DESKTOP, PHONE, Visitor } from '../tests/e2e/support/visitor.ts';
import { launchBrowser } from '../tests/support/browser.ts';
import { projectRoot } from './project-root.ts';
import { exampleAssistantScript, playAssistant } from './screenshots/example-assistant.ts';
import { EXAMPLE_BRANCHES, exampleBranchesScript, playBranches } from './screenshots/example-branches.ts';
import { exampleConsoleScript, playConsole } from './screenshots/example-console.ts';
import { EXAMPLE_MEMORIES, exampleMemoryScript } from './screenshots/example-memories.ts';
import { exampleRoomScript, playRoom } from './screenshots/example-rooms.ts';
import { playWorld } from './screenshots/example-world.ts';
import { EXAMPLE_TALKS, exampleScript, type ExampleTalk } from './screenshots/example-talks.ts';

const usage = `node scripts/take-screenshots.ts [--model scripted|real] [--out FOLDER] [--only AREA,…]

Takes the pictures of the documentation with a real browser and a real server. The scripted model says what
stands in screenshots/example-talks.ts; --model real takes the conversations with the small model that is in
the cache of this machine, and names the files accordingly. --only takes the pictures of
some areas: talk, look, branches, assistant, room, world, memory, welcome, console.`;

/** JPEG keeps the painted scenes small and the letters sharp at this quality. */
const QUALITY = 84;
/** A picture in a page that people open should not weigh more. */
const MOST_BYTES = 300_000;

/** How far ahead the date in the picture lies. */
const DATE_IN_DAYS = 5;

type Theme = 'light' | 'dark';
type Look = 'bubbles' | 'document' | 'visual-novel';
interface Shot {
  name: string;
  locale: Locale;
  theme: Theme;
  size: 'desktop' | 'phone';
  path: (talkId: string) => string;
  /** Brings the page into the state meant. */
  reach: (page: Page) => Promise<void>;
  /** The look of the conversation, where it is not the usual one. */
  look?: Look;
}

const written = async (page: Page) => {
  await page.locator('article').last().and(page.locator('[aria-busy=false]')).waitFor();
};
const staged = async (page: Page) => {
  await page.locator('section[tabindex] [aria-live]').first().waitFor();
};
const withReceipt = async (page: Page) => {
  await page.locator('article button[aria-pressed]').last().click();
  await page.locator('dl dd').first().waitFor();
};
/** Waits until something that comes from the server is there. */
const shows = (selector: string) => (page: Page) => page.locator(selector).first().waitFor();
const tiles = shows('main a img');
const models = shows('main section li');
const meeting = async (page: Page) => {
  await page.locator('main section button').first().waitFor();
  await page.locator('main section ~ div button').first().waitFor();
};

const talk = (talkId: string) => `/c/${talkId}`;
const conversations: readonly Shot[] = [
  { name: 'conversation', locale: 'en', theme: 'light', size: 'desktop', path: talk, reach: written },
  { name: 'conversation', locale: 'zh-CN', theme: 'dark', size: 'desktop', path: talk, reach: written },
  { name: 'phone', locale: 'en', theme: 'dark', size: 'phone', path: talk, reach: written },
  { name: 'phone', locale: 'zh-CN', theme: 'light', size: 'phone', path: talk, reach: written },
];
const pages: readonly Shot[] = [
  { name: 'receipt', locale: 'en', theme: 'light', size: 'desktop', path: talk, reach: withReceipt },
  { name: 'receipt', locale: 'zh-CN', theme: 'dark', size: 'phone', path: talk, reach: withReceipt },
  { name: 'characters', locale: 'en', theme: 'dark', size: 'desktop', path: () => '/characters', reach: tiles },
  { name: 'characters', locale: 'zh-CN', theme: 'light', size: 'phone', path: () => '/characters', reach: tiles },
  { name: 'settings', locale: 'en', theme: 'light', size: 'phone', path: () => '/settings/models', reach: models },
  { name: 'settings', locale: 'zh-CN', theme: 'dark', size: 'desktop', path: () => '/settings/models', reach: models },
];
/** Taken after the talks: their list stays as it was in the others. */
const rooms: readonly Shot[] = [
  { name: 'room', locale: 'en', theme: 'light', size: 'desktop', path: talk, reach: written },
  { name: 'room', locale: 'en', theme: 'dark', size: 'phone', path: talk, reach: written },
  { name: 'room', locale: 'zh-CN', theme: 'dark', size: 'desktop', path: talk, reach: written },
  { name: 'room', locale: 'zh-CN', theme: 'light', size: 'phone', path: talk, reach: written },
];
/** The talk in another look; chosen just before the picture. */
const looks: readonly Shot[] = [
  { name: 'bubbles', look: 'bubbles', locale: 'en', theme: 'dark', size: 'phone', path: talk, reach: written },
  { name: 'document', look: 'document', locale: 'en', theme: 'light', size: 'desktop', path: talk, reach: written },
  { name: 'novel', look: 'visual-novel', locale: 'en', theme: 'dark', size: 'desktop', path: talk, reach: staged },
  { name: 'novel', look: 'visual-novel', locale: 'zh-CN', theme: 'light', size: 'phone', path: talk, reach: staged },
];
const map = (talkId: string) => `/c/${talkId}/map`;
/** The whole map where it is drawn; a phone shows it as a list. */
const mapped = async (page: Page) => {
  await page.locator('main [role=tree]').first().waitFor();
  const fit = page.getByRole('button', { name: /^(Show all|看全部)$/ });
  if (await fit.isVisible()) await fit.click();
};
const search = (locale: Locale) => () => `/search?q=${encodeURIComponent(EXAMPLE_BRANCHES[locale].search)}`;
const found = shows('main li mark');
const branches: readonly Shot[] = [
  { name: 'map', locale: 'en', theme: 'light', size: 'desktop', path: map, reach: mapped },
  { name: 'map', locale: 'zh-CN', theme: 'dark', size: 'phone', path: map, reach: mapped },
  { name: 'search', locale: 'en', theme: 'dark', size: 'phone', path: search('en'), reach: found },
  { name: 'search', locale: 'zh-CN', theme: 'light', size: 'desktop', path: search('zh-CN'), reach: found },
];
/** What draws tables comes after the words. */
const tabled = shows('article table');
const assistants: readonly Shot[] = [
  { name: 'assistant', locale: 'en', theme: 'light', size: 'desktop', path: talk, reach: tabled },
  { name: 'assistant', locale: 'zh-CN', theme: 'dark', size: 'phone', path: talk, reach: tabled },
];
const world = (worldId: string) => `/worlds/${worldId}`;
const placed = async (page: Page) => {
  const places = page.locator('main svg[role=img]').first();
  await places.waitFor();
  await places.evaluate((element) => element.scrollIntoView({ block: 'center' }));
};
const worlds: readonly Shot[] = [
  { name: 'world', locale: 'en', theme: 'light', size: 'desktop', path: world, reach: placed },
  { name: 'world', locale: 'zh-CN', theme: 'dark', size: 'phone', path: world, reach: placed },
];
const memory = (characterId: string) => `/characters/${characterId}/memory`;
const withSource = async (page: Page) => {
  await page.locator('article button[aria-expanded]:not([aria-haspopup])').first().click();
  await page.locator('article ol li mark').first().waitFor();
};
/** Taken last: what is told for them stands in no other picture. */
const memories: readonly Shot[] = [
  { name: 'memory', locale: 'en', theme: 'light', size: 'desktop', path: memory, reach: withSource },
  { name: 'memory', locale: 'zh-CN', theme: 'dark', size: 'phone', path: memory, reach: withSource },
];
const inCode = async (page: Page) => {
  await page
    .locator('main pre code', { hasNotText: /MODEL|YOUR_KEY/ })
    .first()
    .waitFor();
};
const charted = async (page: Page) => {
  await page.locator('main select').nth(1).selectOption('key');
  await page.locator('.recharts-bar-rectangle').nth(2).waitFor();
};
const asked = (question: string) => async (page: Page) => {
  await page.locator('main form textarea').fill(question);
  await page.locator('main form button[type=submit]').click();
  await page.locator('main ol[aria-busy=false] li').nth(1).waitFor();
  await page.locator('main ol').evaluate((element) => element.scrollIntoView({ block: 'center' }));
};
const inEnglish = asked('Tell of a lighthouse in one sentence.');
const inChinese = asked('用一句话说说灯塔。');
const start = () => '/developers/start';
const usagePage = () => '/developers/usage';
const playground = () => '/developers/playground';
/** What programs did stands in no other picture. */
const consoles: readonly Shot[] = [
  { name: 'quick-start', locale: 'en', theme: 'light', size: 'desktop', path: start, reach: inCode },
  { name: 'quick-start', locale: 'zh-CN', theme: 'dark', size: 'phone', path: start, reach: inCode },
  { name: 'usage', locale: 'en', theme: 'light', size: 'desktop', path: usagePage, reach: charted },
  { name: 'usage', locale: 'zh-CN', theme: 'dark', size: 'phone', path: usagePage, reach: charted },
  { name: 'playground', locale: 'en', theme: 'dark', size: 'desktop', path: playground, reach: inEnglish },
  { name: 'playground', locale: 'zh-CN', theme: 'light', size: 'phone', path: playground, reach: inChinese },
];
const welcomes: readonly Shot[] = [
  { name: 'welcome', locale: 'en', theme: 'light', size: 'desktop', path: () => '/welcome', reach: meeting },
  { name: 'welcome', locale: 'zh-CN', theme: 'dark', size: 'phone', path: () => '/welcome', reach: meeting },
];
const wholeScript = {
  ...exampleScript,
  rules: [
    ...(exampleScript.rules ?? []),
    ...exampleBranchesScript.rules,
    ...exampleAssistantScript.rules,
    ...exampleRoomScript.rules,
    ...exampleMemoryScript.rules,
    ...exampleConsoleScript.rules,
  ],
  memoryRules: exampleMemoryScript.memoryRules,
};
const NAMES: Readonly<Record<Locale, string>> = { en: 'Robin', 'zh-CN': '小林' };

interface Tour {
  browser: Browser;
  house: HouseProcess;
  folder: string;
  suffix: string;
}

const AREAS = ['welcome', 'talk', 'look', 'branches', 'assistant', 'room', 'world', 'memory', 'console'] as const;
type Area = (typeof AREAS)[number];

interface Plan {
  browser: Browser;
  folder: string;
  real: boolean;
  /** Areas that are taken. */
  areas: ReadonlySet<string>;
}

async function takeAll(plan: Plan): Promise<void> {
  const { browser, folder, real } = plan;
  for (const locale of ['en', 'zh-CN'] as const) {
    const options = real ? { environment: { EVERWITH_OFFLINE: '1' } } : { script: wholeScript };
    await using house = await HouseProcess.start(options);
    const tour: Tour = { browser, house, folder, suffix: real ? '-real' : '' };
    await house.owner.call('updateMe', { body: { name: NAMES[locale], locale } });
    if (real) {
      await house.owner.call('updateMe', { body: { onboarded: true } });
      const talkId = await playTalks(house, locale, EXAMPLE_TALKS[locale].slice(-1));
      await takeShots(tour, ofLocale(conversations, locale), talkId);
    } else await takeScripted(tour, { locale, areas: plan.areas });
  }
}

/** In this order: what is made for one area stands in no picture of an area before it. */
async function takeScripted(tour: Tour, { locale, areas }: Pick<Plan, 'areas'> & { locale: Locale }): Promise<void> {
  const { house, browser } = tour;
  const take = async (area: Area, shots: readonly Shot[], play: () => Promise<string>) => {
    if (areas.has(area)) await takeShots(tour, ofLocale(shots, locale), await play());
  };
  await take('welcome', welcomes, async () => '');
  await house.owner.call('updateMe', { body: { onboarded: true } });
  const talkId = await playTalks(house, locale, EXAMPLE_TALKS[locale]);
  await take('talk', [...conversations, ...pages], async () => talkId);
  await take('look', looks, async () => talkId);
  await take('branches', branches, () => playBranches(house, locale));
  await take('assistant', assistants, () => playAssistant({ browser, house, locale }));
  await take('room', rooms, () => playRoom(house, locale));
  await take('world', worlds, () => playWorld(house, locale));
  await take('memory', memories, () => playMemory(house, locale));
  await take('console', consoles, () => playConsole(house));
}

function ofLocale(shots: readonly Shot[], locale: Locale): Shot[] {
  return shots.filter((shot) => shot.locale === locale);
}

/** One after the other; answers the id of the last. */
async function playTalks(house: HouseProcess, locale: Locale, talks: readonly ExampleTalk[]): Promise<string> {
  let talkId = '';
  for (const example of talks) talkId = await playTalk(house, locale, example);
  return talkId;
}

async function playTalk({ owner }: HouseProcess, locale: Locale, { slug, turns }: ExampleTalk): Promise<string> {
  const { characters } = await owner.call('characters');
  const character = characters.find((one) => one.slug === slug);
  if (character === undefined) throw new Error(`There is no character ${slug}.`);
  const { id } = await owner.call('createConversation', { body: { characterId: character.id, locale } });
  for (const { said } of turns) {
    await owner.call('sendMessage', { params: { id }, body: { text: said, clientId: crypto.randomUUID() } });
    await untilWritten(owner, id);
  }
  return id;
}

/** Tells a character what its memory is to show, and waits until it was read; answers the character's id. */
async function playMemory(house: HouseProcess, locale: Locale): Promise<string> {
  const { owner } = house;
  const { slug, turns, added, date } = EXAMPLE_MEMORIES[locale];
  const talkId = await playTalk(house, locale, { slug, turns });
  const { id } = (await owner.call('conversation', { params: { id: talkId } })).character;
  const params = { id };
  const known = async () => (await owner.call('memoryFacts', { params })).facts.length;
  while ((await known()) < turns.filter(({ fact }) => fact !== undefined).length) await delay(500);
  await owner.call('addMemoryFact', { params, body: { about: 'user', text: added } });
  const dueAt = Date.now() + DATE_IN_DAYS * 86_400_000;
  await owner.call('addMemoryDate', { params, body: { text: date, dueAt } });
  return id;
}

/** A real model on a busy machine may need minutes; whoever runs this by hand sees it and can end it. */
async function untilWritten(owner: ApiClient, id: string): Promise<void> {
  while ((await owner.call('conversation', { params: { id } })).replying) await delay(200);
}

async function takeShots(
  { browser, house, folder, suffix }: Tour,
  shots: readonly Shot[],
  talkId: string,
): Promise<void> {
  for (const { name, locale, theme, size, path, reach, look } of shots) {
    if (look) await setLook(house, talkId, look);
    await using visitor = await Visitor.enter(browser, house, {
      locale,
      colorScheme: theme,
      reducedMotion: 'reduce',
      viewport: size === 'phone' ? PHONE : DESKTOP,
      deviceScaleFactor: size === 'phone' ? 2 : 1.5,
    });
    const { page } = visitor;
    await page.goto(`${house.address}${path(talkId)}`);
    await reach(page);
    await settle(page);
    const file = join(folder, `${name}${suffix}-${locale}-${theme}.jpg`);
    await page.screenshot({ path: file, type: 'jpeg', quality: QUALITY });
    if (look) await setLook(house, talkId, null);
    const { size: bytes } = await stat(file);
    console.log(`${file}  ${Math.round(bytes / 1_000)} kB${bytes > MOST_BYTES ? '  TOO LARGE' : ''}`);
    if (bytes > MOST_BYTES) process.exitCode = 1;
  }
}

async function setLook({ owner }: HouseProcess, id: string, theme: Look | null): Promise<void> {
  await owner.call('chooseLook', { params: { id }, body: { for: 'conversation', theme } });
}

/** Letters and pictures are there, and nothing moves. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready;
    const pictures = [...document.images].filter(({ loading, complete }) => complete || loading !== 'lazy');
    await Promise.allSettled(pictures.map((picture) => picture.decode()));
    const list = document.querySelector('main li[aria-posinset]')?.closest('section');
    const isAtEnd = () => !list || list.scrollHeight - list.scrollTop - list.clientHeight < 3;
    while (!isAtEnd()) await new Promise((resolve) => requestAnimationFrame(resolve));
    await Promise.allSettled(
      document.getAnimations().flatMap((moving) => (moving instanceof CSSTransition ? [moving.finished] : [])),
    );
  });
}

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'scripted' },
    only: { type: 'string', default: AREAS.join(',') },
    out: { type: 'string', default: join(projectRoot, 'docs', 'images') },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help || !['scripted', 'real'].includes(values.model)) {
  console.log(usage);
  if (!values.help) process.exitCode = 2;
} else {
  const areas = new Set(values.only.split(','));
  await mkdir(values.out, { recursive: true });
  const browser = await launchBrowser();
  try {
    await takeAll({ browser, folder: values.out, real: values.model === 'real', areas });
  } finally {
    await browser.close();
  }
}
