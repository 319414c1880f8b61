import type { Browser } from 'playwright-core';
import type { Locale } from '../../contract/common.ts';
import type { HouseProcess } from '../../tests/e2e/support/house-process.ts';
import { Visitor } from '../../tests/e2e/support/visitor.ts';
import { until } from '../../tests/integration/support/until.ts';

interface ExampleFile {
  name: string;
  text: string;
  question: string;
  answer: string;
}

const EXAMPLE_FILES: Readonly<Record<Locale, ExampleFile>> = {
  en: {
    name: 'keeper-log.md',
    text: [
      '# Keeper’s log, Gull Rock',
      '## The foghorn',
      'The foghorn was bought in 1931 from a yard in Leith, second hand. It is sounded for four seconds in every minute of fog, and the boiler needs twenty minutes to be ready for it.',
      '## The lamp',
      'The lamp burned whale oil until 1860, paraffin after that, and was made electric in 1954. The lens is the old one.',
      '## The stores',
      'Stores come with the ferry on Thursdays. Two weeks of coal are kept in the shed behind the light.',
    ].join('\n\n'),
    question: 'When was the foghorn bought, and how is it used in fog?',
    answer:
      'The foghorn was bought **in 1931**, second hand, from a yard in Leith [1].\n\n| In fog | |\n| --- | --- |\n| Sounded | 4 seconds in every minute |\n| Boiler ready after | 20 minutes |\n\nSo the boiler is best lit as soon as the far buoy disappears.',
  },
  'zh-CN': {
    name: '守灯日志.md',
    text: [
      '# 守灯日志',
      '## 雾笛',
      '雾笛是1931年从利斯的一家船厂买来的旧货。起雾时每分钟鸣响四秒，锅炉要提前二十分钟烧好。',
      '## 灯',
      '灯在1860年以前烧鲸油，之后改烧煤油，1954年通了电。透镜还是原来的那一块。',
      '## 物资',
      '物资每周四随渡船送来，煤在灯塔后面的棚子里存两周的量。',
    ].join('\n\n'),
    question: '雾笛是哪年买的？起雾时怎么用？',
    answer:
      '雾笛是**1931年**从利斯的一家船厂买来的旧货 [1]。\n\n| 起雾时 | |\n| --- | --- |\n| 鸣响 | 每分钟四秒 |\n| 锅炉烧好 | 需要二十分钟 |\n\n所以远处的浮标一看不见，就该生火了。',
  },
};

/** What the scripted model says for it. */
export const exampleAssistantScript = {
  rules: Object.values(EXAMPLE_FILES).map(({ question, answer }) => ({
    when: { contains: question },
    steps: [{ type: 'tokens' as const, tokens: [answer] }],
  })),
};

/** Asks Quill about a file; answers the conversation's id. */
export async function playAssistant({
  browser,
  house,
  locale,
}: {
  browser: Browser;
  house: HouseProcess;
  locale: Locale;
}): Promise<string> {
  const { owner } = house;
  const { name, text, question } = EXAMPLE_FILES[locale];
  const { characters } = await owner.call('characters');
  const characterId = characters.find(({ slug }) => slug === 'quill')?.id ?? '';
  const { id } = await owner.call('createConversation', { body: { characterId, locale } });
  await using visitor = await Visitor.enter(browser, house, { locale });
  const { page } = visitor;
  await page.goto(`${house.address}/c/${id}`);
  const file = { name, mimeType: 'text/markdown', buffer: Buffer.from(text) };
  await page.locator('input[type=file]').first().setInputFiles(file);
  const box = page.locator('textarea[enterkeyhint=send]');
  await box.fill(question);
  await page.getByText(name).first().waitFor();
  await page.locator('form button[type=submit][aria-disabled=false]').click();
  const params = { id };
  await until('it was answered', async () => {
    const { messages } = await owner.call('messages', { params, query: { limit: 5 } });
    return messages.at(-1)?.state === 'done' && messages.length >= 3;
  });
  return id;
}
