// Runs before the first paint, so that a dark or large-text reader never sees a flash of the other one.
(() => {
  let stored = {};
  try {
    stored = JSON.parse(localStorage.getItem('everwith.appearance') || '{}');
  } catch {
    stored = {};
  }
  const prefersDark = matchMedia('(prefers-color-scheme: dark)').matches;
  const dark = stored.appearance === 'dark' || (stored.appearance !== 'light' && prefersDark);
  document.documentElement.dataset.mantineColorScheme = dark ? 'dark' : 'light';
  document.documentElement.dataset.textSize = stored.textSize || 'medium';
})();
