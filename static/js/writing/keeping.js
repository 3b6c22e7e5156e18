// What is typed is kept: on the server a few seconds after typing rests, and in this browser while the server can't be
// reached or the sign-in has ended. It also says who else is at the article.
import { of, words } from './pen.js';

const form = document.querySelector('form[data-editor]');
const REST = 3000;
const BEAT = 20000;
const WEEK = 7 * 24 * 3600 * 1000;

if (form) {
  const name = `article:${form.dataset.store}`;
  const told = form.querySelector('[data-told]');
  const line = form.querySelector('[data-kept]');
  const text = form.querySelector('textarea[name=body]');
  const before = text.value;
  let rest;
  let isTyped = false;
  let isSending = false;

  const store = {
    read() { try { const kept = JSON.parse(localStorage.getItem(name)); return kept && Date.now() - kept.at < WEEK ? kept : null; } catch { return null; } },
    write() { try { localStorage.setItem(name, JSON.stringify({ fields: fields(), at: Date.now() })); return true; } catch { return false; } },
    drop() { try { localStorage.removeItem(name); } catch { /* nothing kept */ } },
  };
  function fields() {
    return [...new FormData(form)].filter(([key, value]) => typeof value === 'string' && key !== 'csrf_token');
  }
  function data() {
    const all = new FormData(form);
    all.delete('image');
    return all;
  }
  function show(said) {
    if (line.textContent !== said) line.textContent = said;
  }
  // Says who else is here, and gives back when the text was kept
  function tell(html) {
    const said = document.createElement('template');
    said.innerHTML = html;
    const mark = said.content.querySelector('[data-kept-at]');
    const at = mark?.dataset.keptAt ?? '';
    mark?.remove();
    const fresh = said.innerHTML.trim();
    if (fresh !== told.dataset.said) told.innerHTML = fresh;
    told.dataset.said = fresh;
    return at;
  }
  function signIn() {
    line.replaceChildren(`${words.signedOut} `, Object.assign(document.createElement('a'), { href: '/sign-in', target: '_blank', textContent: words.signIn }));
  }

  async function keep() {
    rest = 0;
    if (!isTyped || isSending) return;
    isTyped = false;
    try {
      const answer = await fetch(form.dataset.keepUrl, { method: 'POST', body: data() });
      if (answer.status === 403 || answer.redirected) { store.write(); signIn(); isTyped = true; return; }
      if (!answer.ok) throw new Error();
      const at = tell(await answer.text());
      store.drop();
      show(of(words.keptAt, { time: at }));
    } catch {
      isTyped = true;
      show(store.write() ? words.keptHere : words.keepOpen);
    }
  }

  async function beat() {
    if (document.hidden || isSending) return;
    if (isTyped && !rest) { keep(); return; }
    if (!form.dataset.presenceUrl) return;
    const seen = new FormData();
    for (const key of ['csrf_token', 'based_on']) seen.append(key, form.elements[key].value);
    try {
      const answer = await fetch(form.dataset.presenceUrl, { method: 'POST', body: seen });
      if (answer.ok && !answer.redirected) tell(await answer.text());
    } catch { /* the next beat may get through */ }
  }

  function offer(kept) {
    const note = document.createElement('div');
    const bring = Object.assign(document.createElement('button'), { type: 'button', className: 'button secondary small', textContent: words.bringBack });
    const discard = Object.assign(document.createElement('button'), { type: 'button', className: 'button quiet small', textContent: words.discard });
    note.className = 'notice info';
    note.setAttribute('role', 'status');
    note.append(Object.assign(document.createElement('p'), { textContent: of(words.neverSent, { time: new Date(kept.at).toLocaleString(document.documentElement.lang) }) }), bring, discard);
    bring.addEventListener('click', () => {
      for (const [key, value] of kept.fields) {
        const field = form.elements[key];
        if (field && 'value' in field && !['draft_key', 'csrf_token'].includes(key) && field.type !== 'checkbox') field.value = value;
      }
      note.remove();
      text.focus();
      text.dispatchEvent(new Event('input', { bubbles: true }));
    });
    discard.addEventListener('click', () => { store.drop(); note.remove(); text.focus(); });
    form.before(note);
  }

  form.addEventListener('input', (e) => {
    if (['find', 'image'].includes(e.target.name)) return;
    isTyped = true;
    clearTimeout(rest);
    rest = setTimeout(keep, REST);
  });
  form.addEventListener('submit', () => { isSending = true; clearTimeout(rest); store.write(); });
  addEventListener('pagehide', () => { if (isTyped && !isSending) { store.write(); navigator.sendBeacon?.(form.dataset.keepUrl, data()); } });
  document.addEventListener('visibilitychange', () => { if (document.hidden) keep(); else beat(); });
  addEventListener('online', keep);
  setInterval(beat, BEAT);

  const kept = store.read();
  const body = kept?.fields.find(([key]) => key === 'body')?.[1];
  if (form.dataset.editor === 'answered') isTyped = true;
  else if (kept && body?.trim() && body.replaceAll('\r\n', '\n').trim() !== before.trim() && !document.querySelector('.status-message.good')) offer(kept);
  else store.drop();
}
