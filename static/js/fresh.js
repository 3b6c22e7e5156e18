// New entries of a case show up by themselves, said politely, and where it stands with them. What is being read or typed stays
// where it is on the screen. The page asks every half minute or so, more seldom while nothing
// happens, and not at all while it is hidden.
const place = document.querySelector('[data-fresh-url]');
const SHORTEST = 30000;
const LONGEST = 120000;
const SLOWER = 1.25;
const LEAST_BETWEEN = 5000;
let pause = SHORTEST;
let timer = 0;
let lookedAt = Date.now();

function later() {
  clearTimeout(timer);
  if (document.hidden) return;
  timer = setTimeout(look, pause * (0.8 + Math.random() * 0.4));
}

async function look() {
  lookedAt = Date.now();
  try {
    const answer = await fetch(place.dataset.freshUrl, {
      headers: { Accept: 'text/html', 'If-None-Match': place.dataset.freshMark },
      cache: 'no-store',
    });
    if (answer.redirected || (answer.status >= 400 && answer.status < 500)) return; // no longer ours
    if (answer.status === 200 && show(await answer.text())) pause = SHORTEST;
    else pause = Math.min(pause * SLOWER, LONGEST);
    place.dataset.freshMark = answer.headers.get('ETag') || place.dataset.freshMark;
  } catch {
    pause = Math.min(pause * 2, LONGEST);
  }
  later();
}

function show(page) {
  const fresh = new DOMParser().parseFromString(page, 'text/html');
  const list = place.querySelector('ol.timeline');
  const known = new Set([...list.children].map((entry) => entry.id));
  const added = [...fresh.querySelectorAll('ol.timeline > li')].filter((entry) => !known.has(entry.id));
  if (!added.length) return false;
  stayPut(() => {
    list.append(...added);
    for (const part of fresh.querySelectorAll('[data-fresh-part]')) document.getElementById(part.id)?.replaceWith(part);
    say(added);
  });
  return true;
}

function say(added) {
  const words = JSON.parse(place.dataset.freshWords);
  const kind = new Intl.PluralRules(document.documentElement.lang).select(added.length);
  const link = document.createElement('a');
  link.href = `#${added[0].id}`;
  link.textContent = words[kind].replace('%(number)s', added.length);
  place.querySelector('[role=status]').replaceChildren(link);
}

function stayPut(change) {
  const typing = document.activeElement?.matches('textarea, input, select') && document.activeElement;
  const still = typing || document.elementFromPoint(innerWidth / 2, innerHeight / 2) || place;
  const root = document.documentElement;
  const before = still.getBoundingClientRect().top;
  root.style.overflowAnchor = 'none';
  change();
  window.scrollBy({ top: still.getBoundingClientRect().top - before, behavior: 'instant' });
  requestAnimationFrame(() => root.style.removeProperty('overflow-anchor'));
}

if (place) {
  later();
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) clearTimeout(timer);
    else if (Date.now() - lookedAt > LEAST_BETWEEN) look();
    else later();
  });
}
