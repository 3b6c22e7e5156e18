// While a subject is typed: articles that may already answer it, after three words and a short rest.
// The field carries data-deflect-url; the answer is a fragment of HTML, shown in [data-deflect-into] or after the field.
const REST = 400;
const WORDS = 3;
const plural = new Intl.PluralRules(document.documentElement.lang);

document.querySelectorAll('[data-deflect-url]').forEach((input) => {
  const words = JSON.parse(input.dataset.deflectWords);
  const place = document.querySelector('[data-deflect-into]') ?? Object.assign(document.createElement('aside'), { className: 'deflect', ariaLabel: words.articles });
  const live = Object.assign(document.createElement('p'), { className: 'visually-hidden', role: 'status' });
  let rest, call, shown = '';
  if (!place.isConnected) input.closest('.field').after(place);
  place.hidden = true;
  input.after(live);

  const ask = async () => {
    const query = input.value.trim();
    if (query === shown) return;
    call?.abort();
    if (query.split(/\s+/).length < WORDS) return;
    call = new AbortController();
    try {
      const answer = await fetch(`${input.dataset.deflectUrl}?${new URLSearchParams({ q: query })}`, { signal: call.signal, headers: { Accept: 'text/html' } });
      if (!answer.ok || input.value.trim() !== query) return;
      const fragment = (await answer.text()).trim();
      shown = query;
      place.innerHTML = fragment;
      const count = place.querySelectorAll('li').length;
      place.hidden = !count;
      live.textContent = count ? words.found[plural.select(count)].replace('%(number)s', count) : '';
    } catch { /* superseded, or no answer: the next page offers them anyway */ }
  };
  input.addEventListener('input', () => {
    clearTimeout(rest);
    rest = setTimeout(ask, REST);
  });
  if (input.value) ask();
});
