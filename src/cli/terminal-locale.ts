import { en, type Texts } from './locales/en.ts';
import { zhCN } from './locales/zh-cn.ts';

/** The language of the terminal: the first of LC_ALL, LC_MESSAGES and LANG that is set (POSIX locale order). */
export function terminalLocale(environment: Readonly<Record<string, string | undefined>>): 'en' | 'zh-CN' {
  const named = environment['LC_ALL'] || environment['LC_MESSAGES'] || environment['LANG'] || '';
  return named.startsWith('zh') ? 'zh-CN' : 'en';
}

export function textsFor(locale: 'en' | 'zh-CN'): Texts {
  return locale === 'zh-CN' ? zhCN : en;
}
