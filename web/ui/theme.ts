import { createTheme } from '@mantine/core';
import type { CSSVariablesResolver, MantineColorsTuple } from '@mantine/core';

const sans =
  "'Inter Variable', Inter, 'PingFang SC', 'Hiragino Sans GB', 'Microsoft YaHei', 'Noto Sans SC', 'Noto Sans CJK SC', system-ui, sans-serif";
const serif =
  "'Literata Variable', Literata, 'Songti SC', 'Noto Serif SC', 'Noto Serif CJK SC', 'Source Han Serif SC', Georgia, serif";

/** Ember from pale to dark; the seventh is the darkest that still reads as ember, 5.1:1 under white text. */
const ember: MantineColorsTuple = [
  '#fdf1ea',
  '#f6e3d2',
  '#f5c4ad',
  '#f3a27f',
  '#f0743e',
  '#d9532c',
  '#c24420',
  '#a93a19',
  '#8a2f14',
  '#6c250f',
];

export const theme = createTheme({
  primaryColor: 'ember',
  primaryShade: { light: 6, dark: 4 },
  colors: { ember },
  fontFamily: 'var(--font-sans)',
  headings: { fontFamily: serif, fontWeight: '600' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
  // The placeholder is a focusable child that a menu may not have (ARIA: menu owns menu items only).
  components: {
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    SegmentedControl: {
      styles: {
        root: { background: 'var(--mine)' },
        indicator: { background: 'var(--raised)' },
        label: { color: 'var(--ink)' },
      },
    },
    Modal: { styles: { title: { fontWeight: 600 } } },
    Drawer: { styles: { title: { fontWeight: 600 } } },
  },
  // Filled parts take their colours from the tokens, whose contrast is right in light and in dark.
  variantColorResolver: ({ variant }) => {
    if (variant === 'filled') {
      return {
        background: 'var(--ember-fill)',
        hover: 'var(--ember-fill-hover)',
        color: 'var(--on-ember)',
        border: 'none',
      };
    }
    if (variant === 'default') {
      return {
        background: 'var(--card)',
        hover: 'var(--mine)',
        color: 'var(--ink)',
        border: '1px solid var(--line-strong)',
      };
    }
    return { background: 'transparent', hover: 'var(--glow)', color: 'var(--ember-ink)', border: 'none' };
  },
});

/** Mantine's own names for the house's tokens. */
export const resolveCssVariables: CSSVariablesResolver = () => {
  const shared = {
    '--mantine-color-body': 'var(--paper)',
    '--mantine-color-text': 'var(--ink)',
    '--mantine-color-dimmed': 'var(--soft)',
    '--mantine-color-placeholder': 'var(--soft)',
    '--mantine-color-anchor': 'var(--ember-ink)',
    '--mantine-color-default': 'var(--card)',
    '--mantine-color-default-hover': 'var(--mine)',
    '--mantine-color-default-color': 'var(--ink)',
    '--mantine-color-default-border': 'var(--line-strong)',
    '--mantine-color-disabled': 'var(--mine)',
    '--mantine-color-disabled-color': 'var(--soft)',
    '--mantine-color-disabled-border': 'var(--line-strong)',
    '--mantine-color-error': 'var(--danger)',
    '--mantine-primary-color-filled': 'var(--ember-fill)',
  };
  return { variables: { '--font-serif': serif, '--font-sans-plain': sans }, light: shared, dark: shared };
};
