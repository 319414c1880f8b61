import { addressReplacements } from './addresses.ts';
import { chineseDates } from './chinese-dates.ts';
import { chineseCode, chineseCount, chineseDigits, chineseNumber } from './chinese-numbers.ts';
import { romanValue } from './english-numbers.ts';
import { digitValue } from './digit-value.ts';
import { applyReplacements, type Replacement } from './replacements.ts';
import { CURRENCIES, CURRENCY_PATTERN, UNIT_PATTERN, UNITS } from './units.ts';

const NUMBER = String.raw`\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?`;
/** Words that two things are counted with: 两个, not 二个. */
const MEASURES =
  '个|度|只|条|张|位|名|次|遍|天|周|星期|小时|分钟|秒|岁|块|元|米|公里|千米|厘米|公斤|千克|斤|克|吨|升|倍|种|件|杯|碗|瓶|盒|包|袋|家|间|层|台|辆|匹|头|口|句|段|篇|首|座|颗|粒|双|对|套|份|组|队|人|根|支|片|朵|棵|本|把|顶|架|艘|场|顿|趟|声|步|边|半|年(?![级代])|个?月(?!\\d|初|底|份)|点(?!\\d)|万|亿|千|百万|美元|欧元|英镑|港元|日元';

/** Chinese as it is read aloud. `numbers: 'keep'` leaves everything with digits to the engine. */
export function speakChinese(text: string, { numbers }: { numbers: 'words' | 'keep' }): string {
  const spelled = applyReplacements(text, [...ADDRESSES, ...NAMES]);
  const counted = numbers === 'words' ? applyReplacements(spelled, NUMBERS) : spelled;
  return applyReplacements(counted, SYMBOLS);
}

const ADDRESSES = addressReplacements({
  dot: '点',
  at: '艾特',
  slash: '斜杠',
  dash: '杠',
  underscore: '下划线',
  colon: '冒号',
});

/** Rulers whose numeral is read with 世. */
const RULERS =
  /(?:亨利|路易|伊丽莎白|查理|查尔斯|乔治|爱德华|理查|威廉|腓力|菲利普|拿破仑|亚历山大|尼古拉|彼得|保罗|腓特烈|古斯塔夫|庇护)$/u;

const NAMES: readonly Replacement[] = [
  {
    pattern: /(?<=\p{Script=Han})\s?([IVX]{1,5})(?=世|型|级|期|代|号|部|章|卷|(?![\p{L}\p{N}]))/gu,
    say: ([found = '', numeral = ''], { text, at }) => {
      const value = romanValue(numeral);
      const world = RULERS.test(text.slice(Math.max(0, at - 6), at)) && text[at + found.length] !== '世' ? '世' : '';
      return value === null || numeral.length + Number(value > 1) < 2 ? found : chineseNumber(String(value)) + world;
    },
  },
  { pattern: /(?<=\p{Script=Han}\s?)&(?=\s?\p{Script=Han})/gu, say: () => '和' },
  { pattern: /\b(?:vs|VS)\.?(?![\p{L}])/gu, say: () => '对' },
  { pattern: /(?<![A-Za-z])v(?=\d+\.\d)/gu, say: () => '版本' },
  { pattern: /\bNo\.\s?(?=\d)/giu, say: () => '第' },
];

function money(sign: string, written: string, scale: string): string {
  const name = CURRENCIES[sign]?.chinese ?? CURRENCIES[sign.toUpperCase()]?.chinese ?? sign;
  const plain = written.replace(/(\.\d*?)0+$/u, '$1').replace(/\.$/u, '');
  return `${scale === '' ? chineseCount(plain) : chineseNumber(plain).replace(/^二$/u, '两')}${scale}${name}`;
}

function percent(written: string): string {
  const negative = written.startsWith('-') ? '负' : '';
  return `${negative}百分之${chineseNumber(written.replace(/^-/u, '')).replace(/^两(?=[百千万])/u, '二')}`;
}

function measure(written: string, unit: string): string {
  const name = UNITS[unit]?.chinese ?? unit;
  if (/^°[CF]?$/u.test(unit) && written.startsWith('-')) return `零下${chineseNumber(written.slice(1))}${name}`;
  return `${chineseCount(written)}${name}`;
}

const MINUS = String.raw`(?<![\p{Script=Latin}\p{N}.)]|[零一二三四五六七八九十百千万亿])-`;

const NUMBERS: readonly Replacement[] = [
  ...chineseDates,
  {
    pattern: new RegExp(
      String.raw`(?<![\p{Script=Latin}\p{N}])(${CURRENCY_PATTERN})\s?(${NUMBER})\s?(万亿|百万|千万|[万亿])?`,
      'gu',
    ),
    say: ([, sign = '', written = '', scale = '']) => money(sign, written, scale),
  },
  {
    pattern: new RegExp(
      String.raw`(?<![\p{N}.])(${NUMBER})\s?(万亿|百万|千万|[万亿])?\s?(€|£|USD|EUR|GBP|RMB|CNY|JPY|HKD)(?![\p{Script=Latin}\p{N}])`,
      'gu',
    ),
    say: ([, written = '', scale = '', sign = '']) => money(sign, written, scale),
  },
  {
    pattern: /(?<![\d.])\d+(?:\.\d+){2,6}(?![.]?\d)/gu,
    say: ([found = '']) =>
      found
        .split('.')
        .map((part) => chineseNumber(part))
        .join('点'),
  },
  {
    pattern: /(?<![\p{N}.,+-])(?:\+?86[ -]?)?(1[3-9]\d)[ -]?(\d{4})[ -]?(\d{4})(?![\p{N}]|[.,]\d)/gu,
    say: ([found = '']) =>
      (found.match(/\d/gu) ?? []).length > 11 ? codeGroups(found) : codeGroups(found.replace(/[ -]/gu, '')),
  },
  {
    pattern: /(?<![\p{N}.,])(?:0\d{2,3}-\d{7,8}|400-?\d{3}-?\d{4})(?!\p{N})/gu,
    say: ([found = '']) => codeGroups(found),
  },
  {
    pattern:
      /(?<=(?:号码|电话|手机号?|热线|拨打|房间号?|门牌|QQ|微信号?|编号|学号|工号|账号|帐号|卡号|密码|验证码|邮编|车牌|航班|尾号)(?:是|为|：|:)?\s?)(\d{2,30})(?![\d.,]*\d)/gu,
    say: ([, digits = '']) => chineseCode(digits),
  },
  { pattern: /(?<=\d{3,4})(?=房间|房(?!子)|次列车|航班)/gu, say: () => '' },
  { pattern: /(?<![\p{N}.,])(\d{3,4})(?=房间|次列车|航班)/gu, say: ([, digits = '']) => chineseCode(digits) },
  { pattern: /(?<![\p{N}.,])\d{11,}(?![.,]?\d)/gu, say: ([found = '']) => chineseCode(found) },
  {
    pattern: /(?<![\p{N}.])(\d+(?:\.\d+)?)\s?%\s?(?:-|–|—|~|～|至|到)\s?(?=\d+(?:\.\d+)?\s?%)/gu,
    say: ([, from = '']) => `${percent(from)}到`,
  },
  {
    pattern: /(?<![\p{N}.])(\d+(?:\.\d+)?)\s?(?:-|–|—|~|～)\s?(\d+(?:\.\d+)?)\s?%/gu,
    say: ([, from = '', to = '']) => `${percent(from)}到${percent(to)}`,
  },
  {
    pattern: new RegExp(String.raw`(${MINUS})?(?<![\p{N}.])(${NUMBER})\s?%`, 'gu'),
    say: ([, minus = '', written = '']) => percent(minus + written),
  },
  {
    pattern: new RegExp(String.raw`(${NUMBER})\s?‰`, 'gu'),
    say: ([, written = '']) => `千分之${chineseNumber(written)}`,
  },
  {
    pattern: new RegExp(String.raw`(?<![\p{N}.,/-])(${NUMBER})(?:-|\s?[–—~～]\s?)(${NUMBER})(?![\p{N}-]|[.,]\d)`, 'gu'),
    say: ([, from = '', to = '']) => `${chineseCount(from)}到${to}`,
  },
  {
    pattern: new RegExp(
      String.raw`(${MINUS})?(?<![\p{N}.])(${NUMBER})\s?(${UNIT_PATTERN})(?![\p{Script=Latin}\p{N}/²³])`,
      'gu',
    ),
    say: ([, minus = '', written = '', unit = '']) => measure(minus + written, unit),
  },
  {
    pattern: /(?<![\p{N}.,/])(\d{1,4})\/(\d{1,4})(?![\p{N}/]|[.,]\d)/gu,
    say: ([found = '', one = '', two = '']) =>
      /[1-9]/u.test(two) ? `${plainCount(two)}分之${plainCount(one)}` : found.replace('/', '比'),
  },
  { pattern: /第\s?(\d+)/gu, say: ([, digits = '']) => `第${plainCount(digits)}` },
  { pattern: /#\s?(\d+)/gu, say: ([, digits = '']) => `${plainCount(digits)}号` },
  {
    pattern: /(?<![\p{N}.])(\d+)(?=[号楼路班届期版级世集章节页回款代])/gu,
    say: ([, digits = '']) => plainCount(digits),
  },
  { pattern: /(?<=\d)\s?[×✕*xX]\s?(?=\d)/gu, say: () => '乘以' },
  { pattern: /(?<=\d)\s?÷\s?(?=\d)/gu, say: () => '除以' },
  { pattern: /(?<=\d)\s?\+\s?(?=\d)/gu, say: () => '加' },
  { pattern: /(?<=\d)\s-\s(?=\d)/gu, say: () => '减' },
  { pattern: /(?<=\d)\s?[:：]\s?(?=\d)/gu, say: () => '比' },
  { pattern: /(?<=\d)\s?>\s?(?=\d)/gu, say: () => '大于' },
  { pattern: /(?<=\d)\s?<\s?(?=\d)/gu, say: () => '小于' },
  { pattern: /(?<=\d)\+(?!\d)/gu, say: () => '多' },
  {
    pattern: new RegExp(String.raw`(${MINUS})?(?<![\p{N}.])(${NUMBER})\s?(?=${MEASURES})`, 'gu'),
    say: ([, minus = '', written = '']) => chineseCount(minus + written),
  },
  {
    pattern: new RegExp(String.raw`${MINUS}(${NUMBER})`, 'gu'),
    say: ([, written = '']) => chineseNumber(`-${written}`),
  },
  { pattern: /(?<=[A-Za-z])-(?=\d)/gu, say: () => ' ' },
  { pattern: new RegExp(NUMBER, 'gu'), say: ([written = '']) => chineseNumber(written) },
  { pattern: /\s?²/gu, say: () => '平方' },
  { pattern: /\s?³/gu, say: () => '立方' },
  { pattern: /\p{N}/gu, say: ([digit = '']) => foreignDigit(digit) },
];

/** Ordinals and the like: never 两. */
function plainCount(digits: string): string {
  return chineseNumber(digits).replace(/^两/u, '二');
}

function codeGroups(written: string): string {
  return (written.match(/\d+/gu) ?? []).map((group) => chineseCode(group)).join('，');
}

/** 〇 and 一 are 汉字; digits of other scripts and other number signs are read by their value. */
function foreignDigit(sign: string): string {
  if (/[〇\p{Script=Han}]/u.test(sign)) return sign;
  const value = digitValue(sign);
  if (value !== null) return chineseDigits(String(value));
  const plain = sign.normalize('NFKC');
  if (/^\d+$/u.test(plain)) return chineseNumber(plain);
  return /\p{N}/u.test(plain) ? '' : plain;
}

const SYMBOLS: readonly Replacement[] = [
  { pattern: /\s?&\s?/gu, say: () => '和' },
  { pattern: /(?<=[A-Za-z])\+\+/gu, say: () => '加加' },
  { pattern: /\s?(?:→|⇒|=>|->|⟶)\s?/gu, say: () => '到' },
  { pattern: /\s?(?:≠|!=)\s?/gu, say: () => '不等于' },
  { pattern: /\s?≈\s?/gu, say: () => '约等于' },
  { pattern: /\s?≤\s?/gu, say: () => '小于等于' },
  { pattern: /\s?≥\s?/gu, say: () => '大于等于' },
  { pattern: /\s?={1,3}\s?/gu, say: () => '等于' },
  { pattern: /\s?±\s?/gu, say: () => '正负' },
  { pattern: /\s?\+\s?/gu, say: () => '加' },
  { pattern: /\s?%/gu, say: () => '百分号' },
  { pattern: /°/gu, say: () => '度' },
  { pattern: /@/gu, say: () => '艾特' },
  { pattern: /(?<=\p{Script=Han})\s?\/\s?(?=\p{Script=Han})/gu, say: () => '或' },
  { pattern: /\s?\|\s?/gu, say: () => '，' },
  { pattern: /[~～]+(?=[\p{L}])/gu, say: () => '，' },
];
