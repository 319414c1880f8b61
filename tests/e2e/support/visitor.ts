import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import type { HouseProcess } from './house-process.ts';

/** Far above what a busy machine of two cores needs; only a defect gets here. */
const PATIENCE_IN_MS = 60_000;

export const DESKTOP = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };

/** What a browser says when an answer was not 200, or the server is away: expected where a test asks for it. */
const NETWORK_WORDS = /^Failed to load resource|net::ERR_|Everwith does not answer/;

/**
 * As people have the app: its worker keeps files and its parts move. It doubles what a first page costs, so only tests
 * that prove it, and one whole talk, have it so; the others have their pages without a worker, and at rest.
 */
export const AS_INSTALLED = { serviceWorkers: 'allow', reducedMotion: 'no-preference' } as const;
const AT_REST = { serviceWorkers: 'block', reducedMotion: 'reduce' } as const;

/**
 * Somebody with a browser of their own: cookies, storage, language. Disposing closes it and throws when a page had an
 * error that nobody caught or broke the content security policy.
 */
export class Visitor implements AsyncDisposable {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly #faults: string[];

  private constructor({ context, page, faults }: { context: BrowserContext; page: Page; faults: string[] }) {
    this.context = context;
    this.page = page;
    this.#faults = faults;
  }

  static async come(browser: Browser, options: BrowserContextOptions = {}): Promise<Visitor> {
    const context = await browser.newContext({ locale: 'en-US', viewport: DESKTOP, ...AT_REST, ...options });
    context.setDefaultTimeout(PATIENCE_IN_MS);
    const faults: string[] = [];
    context.on('weberror', (fault) => faults.push(String(fault.error().stack ?? fault.error())));
    context.on('console', (message) => {
      if (message.type() === 'error' && !NETWORK_WORDS.test(message.text())) faults.push(message.text());
    });
    return new Visitor({ context, page: await context.newPage(), faults });
  }

  /** Comes in by a one-time link of the owner's. */
  static async enter(browser: Browser, house: HouseProcess, options: BrowserContextOptions = {}): Promise<Visitor> {
    const visitor = await Visitor.come(browser, options);
    await visitor.page.goto(await house.link());
    await visitor.page.waitForURL((url) => !url.pathname.startsWith('/enter'));
    return visitor;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#picture();
    await this.context.close();
    if (this.#faults.length > 0) throw new Error(`A page had errors: ${this.#faults.join('\n')}`);
  }

  /** For whoever looks for a defect: the last sight of every page, in the folder that the variable names. */
  async #picture(): Promise<void> {
    const folder = process.env['EVERWITH_TEST_PICTURES'];
    if (!folder) return;
    await mkdir(folder, { recursive: true });
    for (const [index, page] of this.context.pages().entries()) {
      await page.screenshot({ path: join(folder, `${Date.now()}-${index}.png`) }).catch(() => undefined);
    }
  }
}
