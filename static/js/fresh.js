// New entries of a case show up by themselves, said politely, without moving what is read or typed.
const place = document.querySelector('[data-fresh-url]');
const PAUSE = 30000;

async function look() {
  if (document.hidden) return;
  try {
    const answer = await fetch(place.dataset.freshUrl, { headers: { Accept: 'text/html' } });
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const list = place.querySelector('ol');
    const known = new Set([...list.children].map((entry) => entry.id));
    const added = [...fresh.querySelectorAll('ol.timeline > li')].filter((entry) => !known.has(entry.id));
    if (!added.length) return;
    list.append(...added);
    place.querySelector('[role=status]').textContent = `${added.length} new ${added.length > 1 ? 'entries' : 'entry'} at the end of the conversation`;
  } catch { /* the next look may work */ }
}

if (place) setInterval(look, PAUSE);
