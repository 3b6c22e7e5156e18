// Canned answers and article links appear while one types, and go in where the cursor stood in the reply.
const box = document.querySelector('[data-inserting]');
const find = box?.querySelector('input[type=search]');
const list = box?.querySelector('[data-insertions]');
const text = box?.closest('form').querySelector('textarea[name=body]');

if (box && text) {
  let call;
  let rest;
  const look = async () => {
    call?.abort();
    call = new AbortController();
    try {
      const answer = await fetch(`${box.dataset.inserting}?${new URLSearchParams({ q: find.value })}`, { signal: call.signal });
      if (answer.ok && !answer.redirected) list.innerHTML = await answer.text();
    } catch { /* superseded, or no answer: "Find" still works */ }
  };
  box.addEventListener('toggle', () => { if (box.open) { find.focus(); if (!list.childElementCount) look(); } });
  find.addEventListener('input', () => { clearTimeout(rest); rest = setTimeout(look, 180); });
  find.addEventListener('keydown', (e) => { if (e.key === 'Enter') { e.preventDefault(); clearTimeout(rest); look(); } });
  list.addEventListener('click', (e) => {
    const button = e.target.closest('button[data-text]');
    if (!button) return;
    e.preventDefault();
    const gap = text.selectionStart && !text.value.slice(0, text.selectionStart).endsWith('\n') ? '\n\n' : '';
    text.setRangeText(gap + button.dataset.text, text.selectionStart, text.selectionEnd, 'end');
    text.dispatchEvent(new Event('input', { bubbles: true }));
    box.open = false;
    const said = box.closest('form').querySelector('[data-inserted]');
    said.textContent = said.dataset.words;
    text.focus();
  });
}
