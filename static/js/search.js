// The search field as a combobox: list with manual selection, nothing preselected (ARIA practices).
// Without this file, or when the suggestions fail, it stays the plain form it was.
const REST = 150;
const SAY_AFTER = 700;
const plural = new Intl.PluralRules(document.documentElement.lang);
const narrow = matchMedia('(width < 46rem)');
const memory = {
  get off() { try { return localStorage.getItem('shortcuts') === 'off'; } catch { return false; } },
  set off(yes) { try { localStorage.setItem('shortcuts', yes ? 'off' : 'on'); } catch { /* not remembered */ } },
};
const make = (tag, props = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children);
  return node;
};

// The words typed are marked, the rest of the title stands out: that is what differs from row to row.
function marked(title, query) {
  const words = query.split(/\s+/).filter(Boolean).map((w) => w.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return title.split(new RegExp(`(${words.join('|')})`, 'gi')).filter(Boolean)
    .map((part, i, all) => make(all.length > 1 && new RegExp(`^(${words.join('|')})$`, 'i').test(part) ? 'mark' : 'b', { textContent: part }));
}

function combobox(form) {
  const words = JSON.parse(form.dataset.search);
  const input = form.querySelector('input[name=q]');
  const category = form.elements.category?.value;
  const list = make('ul', { id: `${input.id}-list`, className: 'suggestions', hidden: true, role: 'listbox', ariaLabel: words.label });
  const live = make('p', { className: 'visually-hidden', role: 'status' });
  const known = new Map();
  let rest, say, call, active = -1;
  form.querySelector('.search-row').append(list);
  form.append(live);
  for (const [name, value] of Object.entries({ role: 'combobox', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': list.id })) input.setAttribute(name, value);

  const choose = (i) => {
    list.children[active]?.setAttribute('aria-selected', 'false');
    active = i;
    const option = list.children[i];
    if (!option) return input.removeAttribute('aria-activedescendant');
    option.setAttribute('aria-selected', 'true');
    input.setAttribute('aria-activedescendant', option.id);
    option.scrollIntoView({ block: 'nearest' });
  };
  const close = () => {
    clearTimeout(rest); clearTimeout(say); call?.abort();
    choose(-1);
    list.hidden = true;
    input.setAttribute('aria-expanded', 'false');
  };
  const open = () => {
    list.hidden = false;
    input.setAttribute('aria-expanded', 'true');
  };
  const take = (option, elsewhere) => {
    if (!option.dataset.url) { close(); form.requestSubmit(); } else if (elsewhere) window.open(option.dataset.url, '_blank', 'noopener'); else location.assign(option.dataset.url);
  };
  const row = (i, className, url, ...content) => {
    const option = make('li', { id: `${list.id}-${i}`, className, role: 'option', ariaSelected: 'false' }, ...content);
    if (url) option.dataset.url = url;
    option.addEventListener('click', (e) => take(option, e.ctrlKey || e.metaKey));
    return option;
  };
  const show = (query, found) => {
    if (input.value.trim() !== query || document.activeElement !== input) return;
    choose(-1);
    const rows = found.slice(0, narrow.matches ? 6 : 8);
    list.replaceChildren(...rows.map((s, i) => row(i, 'suggestion', s.url, make('span', { lang: s.lang || '', dir: s.dir || '' }, ...marked(s.title, query)), make('small', { textContent: s.category || '' }))),
      row(rows.length, 'suggestion all', '', words.all.replace('%(query)s', () => query)));
    if (rows.length) open(); else close();
    clearTimeout(say);
    say = setTimeout(() => { live.textContent = rows.length ? words.found[plural.select(rows.length)].replace('%(number)s', rows.length) : words.none; }, SAY_AFTER);
  };
  const ask = async () => {
    const query = input.value.trim();
    if (query.length < 2) return close();
    if (known.has(query)) return show(query, known.get(query));
    call = new AbortController();
    try {
      const url = `${form.dataset.suggestions}?${new URLSearchParams({ q: query, ...(category && { category }) })}`;
      const answer = await fetch(url, { signal: call.signal, headers: { Accept: 'application/json' } });
      if (!answer.ok) return close();
      const { suggestions } = await answer.json();
      known.set(query, suggestions);
      show(query, suggestions);
    } catch { /* superseded, or no answer: the form still searches */ }
  };

  input.addEventListener('input', () => {
    clearTimeout(rest); call?.abort();
    live.textContent = '';
    rest = setTimeout(ask, REST);
  });
  input.addEventListener('keydown', (e) => {
    const count = list.children.length, shown = !list.hidden;
    if (e.isComposing) return;
    if ((e.key === 'ArrowDown' || e.key === 'ArrowUp') && count && input.value.trim().length > 1) {
      e.preventDefault();
      const down = e.key === 'ArrowDown';
      if (!shown) open();
      choose(active < 0 || !shown ? (down ? 0 : count - 1) : (active + (down ? 1 : -1) + count) % count);
    } else if (e.key === 'Escape') {
      e.preventDefault();
      if (shown) close(); else input.value = '';
    } else if (e.key === 'Enter' && shown && active >= 0) {
      e.preventDefault();
      take(list.children[active], e.ctrlKey || e.metaKey);
    } else if (e.key === 'Home' || e.key === 'End') choose(-1);
  });
  input.addEventListener('blur', close);
  list.addEventListener('pointerdown', (e) => e.preventDefault());
  form.addEventListener('submit', close);
}

function shortcuts() {
  const setting = document.querySelector('[data-shortcut-setting]');
  if (!setting) return;
  const words = JSON.parse(setting.dataset.shortcutSetting);
  const key = /Mac|iP(hone|ad)/.test(navigator.platform) ? '⌘ K' : `${words.ctrl} K`;
  const beside = [...document.querySelectorAll('[data-shortcut-hint]')];
  const places = beside.length ? beside : [setting];
  const keys = { '%(slash)s': '/', '%(keys)s': key };
  const tell = () => places.forEach((place) => {
    const toggle = make('button', { type: 'button', className: 'button quiet', textContent: memory.off ? words.turnOn : words.turnOff, ariaLabel: memory.off ? words.turnOnLabel : words.turnOffLabel });
    toggle.addEventListener('click', () => { memory.off = !memory.off; tell(); place.querySelector('button').focus(); });
    const told = (memory.off ? words.areOff : words.press).split(/(%\(\w+\)s)/).map((part) => keys[part] ? make('kbd', { textContent: keys[part] }) : part);
    place.replaceChildren(...told, ' ', toggle);
  });
  document.addEventListener('keydown', (e) => {
    const input = document.querySelector('.search.large input[name=q]') ?? document.querySelector('.search input[name=q]');
    const typing = e.target.closest?.('input, textarea, select, [contenteditable]');
    const slash = e.key === '/' && !typing && !e.ctrlKey && !e.metaKey && !e.altKey;
    const k = e.key.toLowerCase() === 'k' && (e.ctrlKey || e.metaKey) && !e.shiftKey && !e.altKey && (!typing || typing === input);
    if (!input || memory.off || e.defaultPrevented || !(slash || k)) return;
    e.preventDefault();
    input.focus();
    input.select();
  });
  tell();
}

document.querySelectorAll('form[data-search]').forEach(combobox);
shortcuts();
