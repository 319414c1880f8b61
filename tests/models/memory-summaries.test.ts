import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lineOfMessage, type SummaryLine } from '../../src/memory/summaries/summary-line.ts';
import { isHeldUp } from '../../src/memory/summaries/support.ts';
import { writeSummary } from '../../src/memory/summaries/write-summary.ts';
import type { LlamaHost } from '../../src/models/llama/llama-host.ts';
import type { ModelHandle } from '../../src/models/spec/model-handle.ts';
import { hasFallbackModel, openFallbackModel } from './llama-fixtures.ts';

let folder: string;
let host: LlamaHost;
let model: ModelHandle;

beforeAll(async () => {
  if (!hasFallbackModel) return;
  folder = await mkdtemp(join(tmpdir(), 'everwith-summary-'));
  ({ host, model } = await openFallbackModel(join(folder, 'states')));
});
afterAll(async () => {
  await host?.[Symbol.asyncDispose]();
  if (folder) await rm(folder, { recursive: true, force: true });
});

const TALKS = {
  en: [
    ['Ines', 'Hello again. The week was long, but we finally moved into the flat above the bakery.'],
    ['Mira', 'Above a bakery! Do you wake up to the smell of bread?'],
    ['Ines', 'At four in the morning, yes. My sister Hedwig helped us carry the piano up three floors.'],
    ['Mira', 'Hedwig is the one who restores violins, in Cremona?'],
    ['Ines', 'That is her. She goes back on Sunday, she has a cello to finish for a school in Verona.'],
    ['Mira', 'And how does your daughter like her new room?'],
    ['Ines', 'Clara painted one wall yellow. She is nine now and decides such things alone.'],
    ['Mira', 'Yellow suits a girl of nine.'],
    ['Ines', 'On the twelfth of June I start at the hospital, in the night shift at first.'],
    ['Mira', 'Then I will keep you company when the ward is quiet.'],
    ['Ines', 'Promise me that you ask about my back, the piano was too heavy for me.'],
    ['Mira', 'I promise. I will ask about your back every evening.'],
  ],
  zh: [
    ['小雨', '这周累坏了，不过我们总算搬进面包店楼上的那套房子了。'],
    ['阿澄', '面包店楼上！早上是不是闻着香味醒来？'],
    ['小雨', '凌晨四点就闻到了。我妹妹林霜帮我们把钢琴抬上了三楼。'],
    ['阿澄', '林霜就是在成都学木工的那个妹妹吧？'],
    ['小雨', '对，她星期天回成都，还要给一所小学做二十张课桌。'],
    ['阿澄', '你女儿喜欢她的新房间吗？'],
    ['小雨', '朵朵把一面墙刷成了黄色，她今年九岁，这种事都自己拿主意。'],
    ['阿澄', '黄色很衬她。'],
    ['小雨', '六月十二号我去市医院上班，开始的时候上夜班。'],
    ['阿澄', '那病房安静的时候我陪你说话。'],
    ['小雨', '你答应我，每天晚上问问我的腰，钢琴实在太重了。'],
    ['阿澄', '我答应你，每天晚上都问。'],
  ],
} as const;

test.skipIf(!hasFallbackModel).each(['en', 'zh'] as const)(
  'a small model sums up a session in sentences that hold up (%s)',
  async (language) => {
    const names = [...new Set(TALKS[language].map(([speaker]) => speaker))];
    const lines = TALKS[language]
      .map(([speaker, text], index) =>
        lineOfMessage({ id: `m${index}`, speaker, byHuman: speaker === names[0], text }, () => false),
      )
      .filter((line): line is SummaryLine => line !== undefined);
    const signal = AbortSignal.timeout(150_000);
    const written = await writeSummary({ layer: 'scene', lines, names, model, signal });
    // For whoever looks at how well a model does it.
    if (process.env['EVERWITH_SHOW']) process.stdout.write(`${JSON.stringify(written, null, 1)}\n`);
    expect(written.length).toBeGreaterThanOrEqual(2);
    for (const { text, sources } of written) {
      expect(sources.length).toBeGreaterThan(0);
      const evidence = lines.flatMap((line) => line.evidence).filter(({ messageId }) => sources.includes(messageId));
      const quote = /^(.+?)(?:: |：)“(.+?)…?”$/u.exec(text);
      // In its own words where they hold up, else in those that were said.
      const holds = quote
        ? evidence.some((one) => one.speaker === quote[1] && one.text.includes(quote[2]!))
        : isHeldUp(text, { evidence, told: '', names });
      expect(holds, text).toBe(true);
    }
  },
  160_000,
);
