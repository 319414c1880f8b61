import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { processorTimeInMs } from '../../../tests/support/processor-time.ts';
import { macroContext, render } from './macro-fixtures.ts';
import { renderMacros } from './render-macros.ts';

describe('names', () => {
  test.each([
    ['{{char}} greets {{user}}.', 'Mira greets 小明.'],
    ['{{CHAR}} {{ User }} <BOT> <char> <User>', 'Mira 小明 Mira Mira 小明'],
    ['{{char}}{{char}}', 'MiraMira'],
    ['{char} { {char} } {{{char}}} {{char}', '{char} { {char} } {Mira} {{char}'],
    ['<character> <users> <start>', '<character> <users> <start>'],
    ['', ''],
  ])('%s', (text, rendered) => {
    expect(render(text)).toBe(rendered);
    expect(render(text, { mode: 'spec' })).toBe(rendered);
  });

  test('a name is put in as it is, whatever it looks like', () => {
    expect(render('{{char}} & {{user}}', { names: { char: '$& $1 $$', user: '\\0 {{char}}' } })).toBe(
      '$& $1 $$ & \\0 {{char}}',
    );
  });

  test('a name that is a macro itself is not expanded again', () => {
    expect(render('{{char}}{{reverse:{{user}}}}', { names: { char: '{{user}}', user: '}}rahc{{' } })).toBe(
      '{{user}}{{char}}',
    );
  });

  test('group, groupNotMuted, charIfNotGroup and notChar say who is there', () => {
    const text = '{{group}}|{{groupNotMuted}}|{{charIfNotGroup}}|{{notChar}}|<GROUP>|<CHARIFNOTGROUP>';
    expect(render(text)).toBe('Mira|Mira|Mira|小明|Mira|Mira');
    const names = { char: 'Mira', user: 'Ann', group: 'Mira, Bo', groupNotMuted: 'Mira', notChar: 'Bo, Ann' };
    expect(render(text, { names })).toBe('Mira, Bo|Mira||Bo, Ann|Mira, Bo|');
  });
});

describe('syntax', () => {
  test('macros are nested inside-out', () => {
    const context = macroContext();
    context.variables.local.set('Mira_mood', 'glad');
    expect(renderMacros('{{getvar::{{char}}_mood}}', context)).toBe('glad');
  });

  test('unknown macros stay literal while inner ones resolve', () => {
    expect(render('{{unknown::{{user}}}} {{Foo bar}} {{ {{char}} }}')).toBe('{{unknown::小明}} {{Foo bar}} {{ Mira }}');
  });

  test.each([
    ['space', '{{reverse abc}}'],
    ['colon', '{{reverse:abc}}'],
    ['double colon', '{{ reverse :: abc }}'],
  ])('a separator may be a %s', (_, text) => expect(render(text)).toBe('cba'));

  test('a macro with too many or too few arguments is none', () => {
    expect(render('{{char:foo}} {{reverse}} {{setvar::a}} {{getvar}}')).toBe(
      '{{char:foo}} {{reverse}} {{setvar::a}} {{getvar}}',
    );
  });

  test('a scoped block is the last argument, dedented unless #', () => {
    const context = macroContext();
    renderMacros('{{setvar story}}\n    One\n      two\n{{/setvar}}{{#setvar raw}}\n  x\n{{/setvar}}', context);
    expect(context.variables.local.get('story')).toBe('One\n  two');
    expect(context.variables.local.get('raw')).toBe('\n  x\n');
    expect(render('{{reverse}} abc {{/reverse}}{{/reverse}}')).toBe('cba{{/reverse}}');
  });

  test('if renders the branch that counts, and only that', () => {
    const card = { description: 'Tall', personality: '' };
    expect(render('{{if description}}\n  # D\n  {{description}}\n{{/if}}', { card })).toBe('# D\nTall');
    expect(render('{{if !personality}}none{{else}}some{{/if}}', { card })).toBe('none');
    expect(render('{{if personality}}a{{if description}}b{{else}}c{{/if}}{{else}}d{{/if}}', { card })).toBe('d');
    const context = macroContext();
    renderMacros('{{if 0}}{{setvar::a::1}}{{else}}{{setvar::b::1}}{{/if}}', context);
    expect([...context.variables.local]).toEqual([['b', '1']]);
    expect(render('{{if::{{char}}::yes}}{{if::off::no}}')).toBe('yes');
  });

  test.each(['', 'false', '0', 'off', 'no', ' NO '])('“%s” is falsy', (value) => {
    const context = macroContext();
    context.variables.local.set('flag', value);
    expect(renderMacros('{{if .flag}}yes{{else}}no{{/if}}', context)).toBe('no');
    expect(renderMacros('{{if {{getvar::flag}}}}yes{{else}}no{{/if}}', context)).toBe('no');
    expect(renderMacros('{{if !.flag}}yes{{else}}no{{/if}}', context)).toBe('yes');
  });

  test('escaped braces are no macros in st, and plain text in spec', () => {
    expect(render('\\{\\{char\\}\\} \\{\\{{{char}}\\}\\} \\{x\\}')).toBe('{{char}} {{Mira}} \\{x\\}');
    expect(render('\\{\\{char\\}\\}', { mode: 'spec' })).toBe('\\{\\{char\\}\\}');
  });
});

describe('bounds', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 8 }),
    fc.constantFrom(
      '{{',
      '}}',
      '{{char}}',
      '{{setvar::a::',
      '{{getvar::a}}',
      '{{reverse:',
      '{{if ',
      '{{else}}',
      '{{/if}}',
      '::',
      '{{.a',
      ' += ',
      '{{//',
      '{{///}}',
      '{{trim}}',
      '{{random:',
      ',',
      '\\,',
      '\\{\\{',
      '<user>',
      '{{description}}',
      '{{datetimeformat ',
      '{{roll ',
      'd6',
      '{{#',
      '{{/',
      '{',
      '}',
      '\n',
      '{{pick::',
      '{{time}}',
    ),
  );
  const card = {
    description: 'D {{personality}} {{reverse:{{scenario}}}}',
    personality: '{{description}}',
    scenario: 'S',
  };

  test('text without macros is unchanged', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }).filter((text) => !/\{\{|<|\\\{/.test(text)),
        (text) => {
          expect(render(text)).toBe(text);
        },
      ),
    );
  });

  test('any text renders without an error, the same for the same seed', () => {
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 60 }),
        fc.constantFrom('st' as const, 'spec' as const),
        (pieces, mode) => {
          const text = pieces.join('');
          const once = render(text, { card, mode });
          expect(render(text, { card, mode })).toBe(once);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['braces', '{{'.repeat(200_000)],
    ['macros 10,000 deep', `${'{{reverse:'.repeat(10_000)}x${'}}'.repeat(10_000)}`],
    ['blocks 10,000 deep', `${'{{if 1}}'.repeat(10_000)}x${'{{/if}}'.repeat(10_000)}`],
    ['openers without end', '{{if 1}}{{reverse}}{{setvar a}}'.repeat(20_000)],
    ['closers without openers', '{{/if}}'.repeat(50_000)],
    [
      'a variable that doubles',
      '{{setvar::a::x}}' + '{{setvar::a::{{getvar::a}}{{getvar::a}}}}{{getvar::a}}'.repeat(300),
    ],
    ['fields that hold fields', '{{description}}'.repeat(20_000)],
    ['reverse bombs', `${'{{reverse:'.repeat(48)}${'ab'.repeat(200_000)}${'}}'.repeat(48)}`.repeat(3)],
    ['trims', '\n{{trim}}\n'.repeat(50_000)],
    ['a name without end', `{{${'a-'.repeat(300_000)}}}`],
    ['a shorthand without end', `{{.${'a-'.repeat(300_000)}}}`],
    ['options without end', `{{random:${'\\,,'.repeat(200_000)}}}`],
    ['dice without end', '{{roll 999d999999}}'.repeat(2000)],
    ['numbers that grow', '{{newline::99999}}'.repeat(20_000)],
    ['else without end', `{{if 1}}${'{{else}}'.repeat(50_000)}{{/if}}`],
  ])('%s take little time and room', async (_, text) => {
    let rendered = '';
    const spentInMs = await processorTimeInMs(() => {
      rendered = render(text, { card: { description: 'y'.repeat(100_000) } });
    });
    expect(rendered.length).toBeLessThanOrEqual(text.length + 2_300_000);
    // Generous: a quadratic reader takes minutes.
    expect(spentInMs).toBeLessThan(4000);
  });
});
