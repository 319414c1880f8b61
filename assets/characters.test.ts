import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';

const folder = join(import.meta.dirname, 'characters');
const locales = ['en', 'zh-CN'] as const;
type Locale = (typeof locales)[number];

/** Small enough that a page may inline all eight scenes. */
const maxSvgBytes = 25 * 1024;
const layers = ['sky', 'far', 'mid', 'near', 'light'];

const filled = z.string().trim().min(1);
const writing = {
  name: filled,
  nickname: filled.optional(),
  description: filled,
  personality: filled,
  scenario: filled,
  first_mes: filled,
  alternate_greetings: z.array(filled).length(2),
  mes_example: filled,
  creator_notes: filled,
  tags: z.array(filled).min(2),
  system_prompt: z.string().optional(),
  post_history_instructions: z.string().optional(),
};
const translationSchema = z.strictObject({ ...writing, tagline: filled, alt: filled });
type Translation = z.infer<typeof translationSchema>;

const cardSchema = z.strictObject({
  spec: z.literal('chara_card_v3'),
  spec_version: z.literal('3.0'),
  data: z.strictObject({
    ...writing,
    system_prompt: z.string(),
    post_history_instructions: z.string(),
    group_only_greetings: z.array(z.string()).length(0),
    creator: z.literal('Everwith'),
    character_version: z.literal('1.0'),
    creation_date: z.number().int().positive(),
    extensions: z.strictObject({
      everwith: z.strictObject({
        slug: filled,
        originalLocale: z.enum(locales),
        tagline: filled,
        alt: filled,
        locales: z.partialRecord(z.enum(locales), translationSchema),
      }),
    }),
  }),
});
/** Eight people to meet, and after them the assistants. */
const order = z.array(filled).min(8);
const indexSchema = z.strictObject({ order: z.strictObject({ en: order, 'zh-CN': order }) });

function read(...path: string[]): string {
  return readFileSync(join(folder, ...path), 'utf8');
}

function readCard(slug: string): z.infer<typeof cardSchema> {
  return cardSchema.parse(JSON.parse(read(slug, 'card.json')));
}

/** The character as a reader of `locale` meets it, wherever in the card that language is kept. */
function inLocale(slug: string, locale: Locale): Translation {
  const { data } = readCard(slug);
  const { originalLocale, tagline, alt, locales: translations } = data.extensions.everwith;
  if (locale !== originalLocale) return translationSchema.parse(translations[locale]);
  return { ...data, tagline, alt };
}

function greetingsOf(text: Translation): string[] {
  return [text.first_mes, ...text.alternate_greetings];
}

function proseOf(text: Translation): string[] {
  const { name, tagline, alt, description, personality, scenario, mes_example, creator_notes, tags } = text;
  return [name, tagline, alt, description, personality, scenario, mes_example, creator_notes, ...tags].concat(
    greetingsOf(text),
  );
}

const kindSchema = z.object({
  data: z.object({ extensions: z.object({ everwith: z.object({ kind: z.string().optional() }) }) }),
});
/** Who is met in a story: assistants have no scene to set, and cards of their own kind. */
const slugs = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .filter(
    (slug) => kindSchema.parse(JSON.parse(read(slug, 'card.json'))).data.extensions.everwith.kind !== 'assistant',
  );

describe('the starter characters together', () => {
  test('each is named once in each language, those first written in it first', () => {
    const index = indexSchema.parse(JSON.parse(read('index.json')));
    for (const locale of locales) {
      const own = (slug: string): boolean => readCard(slug).data.extensions.everwith.originalLocale === locale;
      expect(index.order[locale].slice(0, 8).toSorted()).toEqual(slugs.toSorted());
      expect(index.order[locale].slice(0, 4).every(own)).toBe(true);
      expect(slugs.filter(own)).toHaveLength(4);
    }
    expect(index.order.en[0]).toBe('mira');
    expect(index.order['zh-CN'][0]).toBe('yanzi');
  });

  test('no two share a name in either language', () => {
    for (const locale of locales) {
      expect(new Set(slugs.map((slug) => inLocale(slug, locale).name)).size).toBe(slugs.length);
    }
  });

  test('all drawings can stand on one page: no id is used twice', () => {
    const ids = slugs.flatMap((slug) => ['scene', 'avatar'].flatMap((name) => idsOf(read(slug, `${name}.svg`))));
    expect(ids.filter((id, position) => ids.indexOf(id) !== position)).toEqual([]);
  });
});

describe.each(slugs)('%s', (slug) => {
  test('the card is a complete V3 card that knows its own folder', () => {
    expect(readCard(slug).data.extensions.everwith.slug).toBe(slug);
  });

  test.each(locales)('%s: only the macros every reader of cards knows', (locale) => {
    const macros = proseOf(inLocale(slug, locale)).flatMap((text) => text.match(/\{\{[^}]*\}?\}?/gu) ?? []);
    expect(macros.filter((macro) => macro !== '{{char}}' && macro !== '{{user}}')).toEqual([]);
  });

  test.each(locales)('%s: the description is long enough to hold a small model, short enough to prefill', (locale) => {
    const { description } = inLocale(slug, locale);
    const length =
      locale === 'en' ? description.split(/\s+/u).length : (description.match(/\p{Script=Han}/gu) ?? []).length;
    expect(length).toBeGreaterThanOrEqual(locale === 'en' ? 180 : 300);
    expect(length).toBeLessThanOrEqual(locale === 'en' ? 350 : 550);
  });

  test.each(locales)(
    '%s: three different greetings that set a scene, ask something and leave the answer open',
    (locale) => {
      const greetings = greetingsOf(inLocale(slug, locale));
      expect(new Set(greetings.map((greeting) => greeting.slice(0, 12))).size).toBe(3);
      for (const greeting of greetings) {
        expect(greeting).toMatch(/^\*[^*]+\*/u);
        expect(greeting.split('*').length % 2).toBe(1);
        expect(greeting).toMatch(/[?？]/u);
        expect(greeting).not.toMatch(/\{\{user\}\}\s*[:：]/u);
      }
    },
  );

  test.each(locales)('%s: example dialogues are blocks with both speakers', (locale) => {
    const blocks = inLocale(slug, locale).mes_example.split('<START>\n').slice(1);
    expect(blocks.length).toBeGreaterThanOrEqual(2);
    expect(blocks.length).toBeLessThanOrEqual(3);
    for (const block of blocks) expect(block).toMatch(/^\{\{user\}\}: .+\n\{\{char\}\}: /u);
  });

  test('neither language leaks into the other', () => {
    expect(proseOf(inLocale(slug, 'en')).filter((text) => /[\p{Script=Han}，。！？“「]/u.test(text))).toEqual([]);
    const chinese = proseOf(inLocale(slug, 'zh-CN')).map((text) => text.replaceAll(/\{\{\w+\}\}:?|<START>/gu, ''));
    expect(chinese.filter((text) => /[A-Za-z]|[,;:?!]/u.test(text))).toEqual([]);
  });

  test.each(['scene', 'avatar'])('%s.svg is small, self-contained and harmless', (name) => {
    const svg = read(slug, `${name}.svg`);
    const prefix = name === 'scene' ? `${slug}-` : `${slug}-av-`;
    const ids = idsOf(svg);
    expect(Buffer.byteLength(svg)).toBeLessThanOrEqual(maxSvgBytes);
    expect(svg).not.toMatch(
      /<(?:script|text|title|image|foreignObject|style|animate|set)\b|\son\w+=|javascript:|data:/iu,
    );
    expect(svg.replace('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(/https?:|\/\//u);
    expect(svg.match(/<filter\b/gu)?.length ?? 0).toBeLessThanOrEqual(1);
    expect(ids.filter((id) => !id.startsWith(prefix))).toEqual([]);
    const used = [...svg.matchAll(/(?:url\(#|href="#)([^)"]+)/gu)].map((match) => match[1]);
    expect(used.filter((id) => id === undefined || !ids.includes(id))).toEqual([]);
    const groups = ids.map((id) => id.slice(prefix.length)).filter((id) => layers.includes(id));
    expect(groups).toEqual(layers);
  });

  test('the scene fills a band, a square and a phone; the avatar is square', () => {
    expect(read(slug, 'scene.svg')).toMatch(/viewBox="0 0 1600 900" preserveAspectRatio="xMidYMid slice"/u);
    expect(read(slug, 'avatar.svg')).toMatch(/width="512" height="512" viewBox="\d+ \d+ (\d+) \1"/u);
  });
});

function idsOf(svg: string): string[] {
  return [...svg.matchAll(/\sid="([^"]+)"/gu)].map((match) => match[1] ?? '');
}
