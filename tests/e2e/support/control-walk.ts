import type { Page } from 'playwright-core';

/** What can be used: in the accessibility tree, on screen, and not a field for text. */
const CONTROLS = [
  'a[href]',
  'button',
  'summary',
  'input[type=checkbox]',
  'input[type=radio]',
  '[role=menuitem]',
  '[role=menuitemcheckbox]',
  '[role=menuitemradio]',
  '[role=switch]',
  '[role=tab]',
].join(', ');
/** A control without a sign of life until then is dead, ms: far above what a busy machine needs to show one. */
export const SIGN_OF_LIFE = 10_000;

/** One control as it is found again: its role and name, and which of those alike it is. */
export interface Control {
  key: string;
  place: number;
  /** What cannot be used says why: in a description, a title, or by the form or toolbar it stands in. */
  state: 'usable' | 'explained' | 'unexplained' | 'chosen';
}

/** Makes a page note whatever happens in it that somebody could notice. Before the first page is opened. */
export async function watchLife(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const seen: string[] = [];
    Object.assign(window, { __life: seen });
    const note = (what: string) => seen.push(what);
    const isClock = (node: Node) => node instanceof Element && node.closest('[role=timer], time') !== null;
    const observe = () =>
      new MutationObserver((records) => {
        for (const { target, type, attributeName } of records) {
          const parent = target instanceof Element ? target : target.parentElement;
          if (parent === null || isClock(parent)) continue;
          note(type === 'attributes' ? `attribute ${attributeName ?? ''}` : type);
        }
      }).observe(document.documentElement, {
        subtree: true,
        childList: true,
        characterData: true,
        attributeFilter: [
          'aria-expanded',
          'aria-checked',
          'aria-pressed',
          'aria-selected',
          'aria-current',
          'aria-busy',
          'aria-label',
          'open',
          'hidden',
          'value',
          'data-state',
          'data-mantine-color-scheme',
          'data-text-size',
          'lang',
          'checked',
        ],
      });
    if (document.documentElement) observe();
    else addEventListener('DOMContentLoaded', observe, { once: true });
    addEventListener('focusin', () => note('focus'), true);
    addEventListener('invalid', () => note('invalid'), true);
    addEventListener('scroll', () => note('scroll'), true);
    const wrap = (owner: object | undefined, method: string) => {
      if (owner === undefined) return;
      const original: unknown = Reflect.get(owner, method);
      if (typeof original !== 'function') return;
      Reflect.set(owner, method, function wrapped(this: unknown, ...rest: unknown[]): unknown {
        note(method);
        return Reflect.apply(original, this, rest);
      });
    };
    wrap(HTMLMediaElement.prototype, 'play');
    wrap(HTMLMediaElement.prototype, 'pause');
    wrap(Element.prototype, 'requestFullscreen');
    wrap(navigator.clipboard, 'writeText');
    wrap(navigator, 'share');
    wrap(window, 'print');
  });
}

/** All that can be used on a page now, in a dialog or menu only what is in it. */
export async function controlsOf(page: Page): Promise<Control[]> {
  return page.evaluate((selector) => {
    const dialogs = [...document.querySelectorAll<HTMLElement>('[role=menu], [role=dialog], dialog[open]')];
    const top = dialogs.filter((one) => one.checkVisibility()).at(-1) ?? document.body;
    const counts = new Map<string, number>();
    const found: { key: string; place: number; state: 'usable' | 'explained' | 'unexplained' | 'chosen' }[] = [];
    for (const element of top.querySelectorAll<HTMLElement>(selector)) {
      const box = (element.closest('label') ?? element).getBoundingClientRect();
      const isHidden = element.closest('[aria-hidden=true], [inert]') !== null;
      if (isHidden || box.width === 0 || !element.checkVisibility({ visibilityProperty: true })) continue;
      const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : [];
      const named =
        element
          .getAttribute('aria-labelledby')
          ?.split(' ')
          .map((id) => document.getElementById(id)) ?? [];
      const name =
        element.getAttribute('aria-label') ??
        ([...named, ...labels].map((one) => one?.textContent ?? '').join(' ') || (element.textContent ?? ''));
      const role = element.getAttribute('role') ?? element.getAttribute('type') ?? element.tagName.toLowerCase();
      const key = `${role} “${name.replaceAll(/\s+/g, ' ').trim().slice(0, 60)}”`;
      const place = counts.get(key) ?? 0;
      counts.set(key, place + 1);
      const is = (attribute: string, ...values: string[]) => values.includes(element.getAttribute(attribute) ?? '');
      const isDisabled = element.matches(':disabled, [aria-disabled=true], [data-disabled=true]');
      const isExplained =
        element.title !== '' ||
        element.hasAttribute('aria-describedby') ||
        element.closest('form, [role=toolbar], [role=dialog], fieldset') !== null;
      const isChosen =
        is('aria-current', 'page', 'true', 'step') ||
        is('aria-selected', 'true') ||
        is('data-status', 'active') ||
        (element.matches('[type=radio], [role=menuitemradio], [role=radio]') &&
          (is('aria-checked', 'true') || (element as HTMLInputElement).checked));
      const state = isDisabled ? (isExplained ? 'explained' : 'unexplained') : isChosen ? 'chosen' : 'usable';
      found.push({ key, place, state });
      element.dataset['walk'] = `${key}#${place}`;
    }
    return found;
  }, CONTROLS);
}

/** Addresses that a page asked for already: what is read again and again says nothing of a press. */
const asked = new WeakMap<Page, Set<string>>();

/** Presses a control. What could be noticed of it, or null where no sign counts. */
export async function tryControl(
  page: Page,
  { key, place }: Control,
  counts: (sign: string) => boolean = () => true,
): Promise<string | null> {
  const before = asked.get(page) ?? new Set<string>();
  asked.set(page, before);
  const address = page.url();
  const outside: string[] = [];
  const onRequest = (request: { method(): string; url(): string; resourceType(): string }) => {
    const what = `${request.method()} ${request.url()}`;
    if (request.method() !== 'GET' || (what.includes('/api/') && !before.has(what))) outside.push(what);
    before.add(what);
  };
  const on = (what: string) => () => outside.push(what);
  const listeners = [
    ['request', onRequest],
    ['download', on('download')],
    ['filechooser', on('file chooser')],
    ['popup', on('window')],
    ['dialog', on('question')],
  ] as const;
  for (const [event, listener] of listeners) page.on(event as 'request', listener as never);
  try {
    // Marks are lost where a page was drawn anew.
    await controlsOf(page);
    const target = page.locator(`[data-walk=${JSON.stringify(`${key}#${place}`)}]`).first();
    if ((await target.count()) === 0) return 'gone';
    const wasChecked = await target.evaluate((element: HTMLElement) => {
      const { __life: life } = window as unknown as { __life: string[] };
      life.length = 0;
      return (element as HTMLInputElement).checked;
    });
    await press(target);
    for (const end = Date.now() + SIGN_OF_LIFE; ;) {
      const first = outside.find(counts);
      if (first !== undefined) return first;
      if (page.url() !== address) return 'navigation';
      const inside = await signsWithin(page, `${key}#${place}`, wasChecked);
      const sign = inside.find(counts);
      if (sign !== undefined) return sign;
      if (Date.now() > end) return null;
    }
  } finally {
    for (const [event, listener] of listeners) page.off(event as 'request', listener as never);
  }
}

/** What the page noted since the press. */
async function signsWithin(page: Page, key: string, wasChecked: boolean | undefined): Promise<string[]> {
  const noted = page.evaluate(
    (wanted) => {
      const { __life: life = [] } = window as unknown as { __life?: string[] };
      const element = [...document.querySelectorAll<HTMLInputElement>('[data-walk]')].find(
        ({ dataset }) => dataset['walk'] === wanted.key,
      );
      const isToggled = element !== undefined && element.checked !== wanted.wasChecked;
      // That it took the focus itself is no answer.
      const isFocused = document.activeElement === element;
      return [...(isToggled ? ['checked'] : []), ...life.filter((what) => what !== 'focus' || !isFocused)];
    },
    { key, wasChecked },
  );
  return noted.catch(() => ['another page']);
}

/** As a person does, or, where something lies over it for now, as a screen reader does. */
async function press(target: ReturnType<Page['locator']>): Promise<void> {
  const asReader = () =>
    target.evaluate((element: HTMLElement) => element.click(), undefined, { timeout: SIGN_OF_LIFE });
  // What leaves the page meanwhile has answered already.
  await target.click({ timeout: 700 }).catch(() => asReader().catch(() => undefined));
}

/** What a page shows and is, menus left out: an item of a menu that changes nothing of it, nor asks for anything, is dead. */
export async function sightOf(page: Page): Promise<string> {
  return page.evaluate(() => {
    const clone = document.body.cloneNode(true) as HTMLElement;
    for (const menu of clone.querySelectorAll('[role=menu], script, style')) menu.remove();
    const root = [...document.documentElement.attributes].map(({ name, value }) => `${name}=${value}`).join(' ');
    const states = [...clone.querySelectorAll('[aria-pressed], [aria-checked], input, dialog, [role=dialog]')].map(
      (one) => `${one.tagName} ${one.getAttribute('aria-pressed') ?? ''}${one.getAttribute('aria-checked') ?? ''}`,
    );
    return [root, clone.textContent, ...states].join('\n');
  });
}

/** True of what says more than that a menu closed. */
export function isMore(sign: string): boolean {
  return !/^(?:childList|characterData|attribute|focus|scroll|gone)/.test(sign);
}
