import type { Replacement } from './replacements.ts';

export interface AddressWords {
  dot: string;
  at: string;
  slash: string;
  dash: string;
  underscore: string;
  /** `?a=1&b=2` is nobody's to hear. */
  colon: string;
}

const TOP_LEVEL =
  'com|org|net|edu|gov|io|ai|dev|app|cn|uk|de|fr|jp|eu|info|me|tv|co|us|ca|au|ch|hk|tw|local|html?|xyz|top|vip';

/** E-mail and web addresses, read as one would over the telephone. Digits in them stay for the number rules. */
export function addressReplacements(words: AddressWords): Replacement[] {
  return [
    {
      pattern:
        /(?<![\p{Script=Latin}\p{N}._%+-])([a-z0-9][a-z0-9._%+-]{0,63})@([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,5})/giu,
      say: ([, name = '', host = '']) => ` ${spell(name, words)} ${words.at} ${spell(host, words)} `,
    },
    {
      pattern:
        /(?:https?:\/\/|www\.)([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,6})(:\d{1,5})?((?:\/[a-z0-9_.~%+-]{0,200}){0,20})([?#][a-z0-9_.~%+\-=&/:#?]{0,500})?/giu,
      say: ([whole = '', host = '', port = '', path = '']) => {
        const www =
          /^(?:https?:\/\/)?www\./iu.test(whole) && !host.toLowerCase().startsWith('www.') ? `www ${words.dot} ` : '';
        const stop = /[.]$/u.test(whole) ? '.' : '';
        const spoken = `${host}${port}${path}`.replace(/[./]+$/u, '');
        return ` ${www}${spell(spoken, words)}${stop} `;
      },
    },
    {
      pattern: new RegExp(
        String.raw`(?<![\p{Script=Latin}\p{N}.@-])([a-z][a-z0-9-]{0,62}(?:\.[a-z0-9-]{1,62}){0,3}\.(?:${TOP_LEVEL}))((?:\/[a-z0-9_~%+-]{1,100}){0,10})(?![a-z0-9])`,
        'giu',
      ),
      say: ([, host = '', path = '']) => ` ${spell(`${host}${path}`, words)} `,
    },
  ];
}

function spell(address: string, words: AddressWords): string {
  return address
    .replace(/%[0-9a-f]{2}/giu, ' ')
    .replace(/[.:/_+~%-]/gu, (sign) => {
      const spoken: Readonly<Record<string, string>> = {
        '.': words.dot,
        ':': words.colon,
        '/': words.slash,
        _: words.underscore,
        '-': words.dash,
      };
      return ` ${spoken[sign] ?? ''} `;
    })
    .replace(/\s+/gu, ' ')
    .trim();
}
