// Runs before the first paint, so that a dark or large-text reader never sees a flash of the other one.
(function () {
  var stored = {};
  try {
    stored = JSON.parse(localStorage.getItem('everwith.appearance') || '{}');
  } catch (_error) {
    stored = {};
  }
  var dark =
    stored.appearance === 'dark' ||
    (stored.appearance !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.mantineColorScheme = dark ? 'dark' : 'light';
  document.documentElement.dataset.textSize = stored.textSize || 'medium';
})();
