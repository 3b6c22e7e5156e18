// Images are pasted or dropped into the text: sent at once, with a mark in their place, and what they show is asked for.
import { of, pen, replace, say, words, write } from './pen.js';

const box = document.querySelector('[data-picturing]');
const form = pen?.form;
const input = box?.querySelector('input[type=file]');

function ask() {
  const dialog = document.createElement('dialog');
  dialog.className = 'keys';
  dialog.setAttribute('aria-labelledby', 'alt-title');
  dialog.innerHTML = '<form method="dialog"><h2 id="alt-title"></h2>'
    + '<div class="field"><label class="label" for="alt-words"></label>'
    + '<input class="input" id="alt-words" maxlength="300" autocomplete="off" required></div>'
    + '<div class="actions"><button class="button primary"></button></div></form>';
  dialog.querySelector('h2').textContent = words.askAlt;
  dialog.querySelector('label').textContent = words.altLabel;
  dialog.querySelector('button').textContent = words.putIn;
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((done) => dialog.addEventListener('close', () => {
    const alt = dialog.querySelector('input').value.trim().replace(/[[\]\\]/g, '');
    dialog.remove();
    done(alt);
  }));
}

async function send(file) {
  const name = file.name === 'image.png' ? `${words.screenshot.toLowerCase()}-${new Date().toISOString().slice(0, 10)}.png` : file.name;
  const mark = `![${of(words.sending, { name: name.replace(/[[\]()]/g, '') })} …]()`;
  const data = new FormData();
  data.append('csrf_token', form.elements.csrf_token.value);
  data.append('image', file, name);
  write(mark);
  say(of(words.sending, { name }));
  const sent = fetch(box.dataset.picturing, { method: 'POST', body: data, headers: { Accept: 'application/json' } })
    .then(async (answer) => (answer.redirected ? {} : answer.json())).catch(() => ({}));
  const alt = await ask();
  const told = await sent;
  if (told.path) {
    replace(mark, `![${alt}](${told.path})`);
    say(of(alt ? words.sent : words.sentWithoutWords, { name }));
  } else {
    const fault = told.error ?? of(words.notSent, { name });
    replace(mark, '');
    say(fault);
    box.open = true;
    const line = Object.assign(document.createElement('p'), { className: 'field-error', textContent: fault });
    input.before(line);
    input.focus();
  }
}

const all = async (files) => { for (const file of files) if (file.type.startsWith('image/')) await send(file); };

if (pen && box) {
  pen.addEventListener('paste', (e) => {
    if (!e.clipboardData.files.length) return;
    e.preventDefault();
    all([...e.clipboardData.files]);
  });
  pen.addEventListener('dragover', (e) => { if (e.dataTransfer.types.includes('Files')) e.preventDefault(); });
  pen.addEventListener('drop', (e) => {
    if (!e.dataTransfer.files.length) return;
    e.preventDefault();
    all([...e.dataTransfer.files]);
  });
  input.addEventListener('change', () => {
    const files = [...input.files];
    input.value = '';
    box.open = false;
    box.querySelectorAll('.field-error').forEach((line) => line.remove());
    all(files);
  });
}
