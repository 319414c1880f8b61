/** Longer texts are cut: a log is read by people. */
const LONGEST_TEXT = 20_000;
const DEEPEST = 40;

interface Pattern {
  find: RegExp;
  put: string;
  /** Not everything that looks like it is it. */
  holds?: (found: string) => boolean;
}

const PATTERNS: readonly Pattern[] = [
  {
    find: /\b(?:ew_|sk-|sk_|pk_|rk_|ghp_|gho_|github_pat_|glpat-|xox[abprs]-|AIza|AKIA|hf_)[\w-]{12,400}/g,
    put: '[key]',
  },
  { find: /\beyJ[\w-]{8,2000}\.[\w-]{8,4000}\.[\w-]{8,1000}/g, put: '[key]' },
  { find: /\bBearer +[\w.~+/=-]{16,2000}/gi, put: 'Bearer [key]' },
  { find: /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}/g, put: '[e-mail]' },
  { find: /(?<![\w.-])\d(?:[ -]?\d){12,18}(?![\w-])/g, put: '[card]', holds: isCardNumber },
  { find: /(?<![\w.-])\+?\(?\d[\d ().-]{6,18}\d(?![\w-])/g, put: '[phone]', holds: isPhoneNumber },
];

/** A JSON value without secrets and without what names or reaches people; `truncated` where a text was cut. */
export function redact(value: unknown): { value: unknown; truncated: boolean } {
  const state = { truncated: false };
  return { value: redactValue(value, state, 0), truncated: state.truncated };
}

function redactValue(value: unknown, state: { truncated: boolean }, depth: number): unknown {
  if (typeof value === 'string') return redactText(value, state);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === DEEPEST) {
    state.truncated = true;
    return '…';
  }
  if (Array.isArray(value)) return value.map((one) => redactValue(one, state, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      /^(?:api[-_]?key|authorization|password|secret|access_token)$/i.test(name) && typeof one === 'string'
        ? '[key]'
        : redactValue(one, state, depth + 1),
    ]),
  );
}

function redactText(text: string, state: { truncated: boolean }): string {
  const data = /^data:[\w/+.-]{1,80};base64,/.exec(text);
  if (data) {
    state.truncated = true;
    return `${data[0]}… (${text.length} characters left out)`;
  }
  let shown = text;
  if (text.length > LONGEST_TEXT) {
    state.truncated = true;
    shown = `${text.slice(0, LONGEST_TEXT)}… (${text.length - LONGEST_TEXT} characters left out)`;
  }
  for (const { find, put, holds } of PATTERNS) {
    shown = shown.replace(find, (found) => (holds === undefined || holds(found) ? put : found));
  }
  return shown;
}

/** The check digit of ISO/IEC 7812-1 (Luhn), behind a digit with which cards of payment begin. */
function isCardNumber(found: string): boolean {
  const digits = found.replaceAll(/\D/g, '');
  if (!/^[2-6]/.test(digits)) return false;
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits.at(-1 - index));
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** As many digits as E.164 allows; bare ones only where they are a Chinese mobile number. */
function isPhoneNumber(found: string): boolean {
  const digits = found.replaceAll(/\D/g, '');
  if (digits.length < 8 || digits.length > 15) return false;
  if (/^\d+\.\d+$/.test(found)) return false;
  if (/^\d+$/.test(found)) return /^1[3-9]\d{9}$/.test(found);
  return found.startsWith('+') || (digits.length >= 10 && !/^\d{4}-\d{2}-\d{2}/.test(found));
}
