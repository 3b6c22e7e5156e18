// Tells that an answer was opened and, after some twenty seconds in sight, that it was read. Whose reading counts the server decides.
const SECONDS = 21;

const watch = (url, place, from) => {
  const tell = (kind) => fetch(url, { method: 'POST', body: new URLSearchParams({ kind, place, from }), keepalive: true }).catch(() => {});
  let left = SECONDS;
  tell('opened');
  return () => {
    if (left > 0 && document.visibilityState === 'visible' && --left === 0) tell('read');
  };
};

document.querySelectorAll('details[data-reading]').forEach((box) => {
  let step;
  box.addEventListener('toggle', () => {
    if (!box.open || step) return;
    step = watch(box.dataset.reading, box.dataset.place, box.dataset.from ?? '');
    setInterval(() => box.open && step(), 1000);
  });
});

// An article counts when the visitor came to it from these pages, not from a search engine.
const page = document.querySelector('article[data-reading]');
const from = new URLSearchParams(location.search).get('from') ?? '';
if (page && (from || document.referrer.startsWith(`${location.origin}/`))) {
  setInterval(watch(page.dataset.reading, 'page', from), 1000);
}
