// Articles to link to appear while one types their words, and go in where the cursor stood in the text.
import { pen, say, words, write } from './pen.js';

const box = document.querySelector('[data-linking]');
const find = box?.querySelector('input[type=search]');
const list = box?.querySelector('[data-links]');

if (box && pen) {
  let call;
  let rest;
  const look = async () => {
    call?.abort();
    call = new AbortController();
    try {
      const answer = await fetch(`${box.dataset.linking}?${new URLSearchParams({ q: find.value })}`, { signal: call.signal });
      if (answer.ok && !answer.redirected) list.innerHTML = await answer.text();
    } catch { /* superseded, or no answer: "Find" still works */ }
  };
  find.addEventListener('input', (e) => { e.stopPropagation(); clearTimeout(rest); rest = setTimeout(look, 180); });
  find.addEventListener('keydown', (e) => { if (e.key === 'Enter') { e.preventDefault(); clearTimeout(rest); look(); } });
  list.addEventListener('click', (e) => {
    const button = e.target.closest('button[data-text]');
    if (!button) return;
    const picked = pen.value.slice(pen.selectionStart, pen.selectionEnd);
    const link = picked ? button.dataset.text.replace(/^\[.*\]\(/, () => `[${picked}](`) : button.dataset.text;
    box.open = false;
    write(link);
    say(words.linked);
  });
}
