// Single keys of the desk: j and k go through the queue, a assigns, r replies, n notes, x ticks, ? lists them. Never while typing.
const dialog = document.querySelector('#keys');
const opener = document.querySelector('[data-keys-open]');
const rows = () => [...document.querySelectorAll('[data-queue] tbody tr')];
const here = () => rows().findIndex((row) => row.contains(document.activeElement));
const title = (row) => row?.querySelector('a.title');
const tick = (row) => row?.querySelector('.tick');

function go(step) {
  const all = rows();
  const at = here();
  const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1);
  title(all[next])?.focus();
}

function focus(selector) {
  const target = document.querySelector(selector);
  const fold = target?.closest('details');
  if (fold) fold.open = true;
  target?.focus();
  target?.scrollIntoView({ block: 'nearest' });
}

function assign() {
  const row = rows()[here()];
  if (row && !document.querySelector('.tick:checked')) tick(row).click();
  focus(document.querySelector('[data-queue]') ? '#bulk-to' : '#assignment-assignee');
}

function reply() {
  const row = rows()[here()];
  if (row) location.assign(`${title(row).href}#reply`);
  else focus('#reply textarea');
}

const KEYS = {
  j: () => go(1),
  k: () => go(-1),
  x: () => tick(rows()[here()])?.click(),
  a: assign,
  r: reply,
  n: () => focus('#note textarea'),
  '?': () => dialog.showModal(),
};

document.addEventListener('keydown', (e) => {
  const isTyping = e.target.closest?.('textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])');
  if (isTyping || dialog.open || e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented || !Object.hasOwn(KEYS, e.key)) return;
  e.preventDefault();
  KEYS[e.key]();
});

opener.hidden = false;
opener.addEventListener('click', () => dialog.showModal());
