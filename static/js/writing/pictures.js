// Images are pasted or dropped into the text: sent at once, with a mark in their place, and what they show is asked for.
import { pen, replace, say, write } from './pen.js';

const box = document.querySelector('[data-picturing]');
const form = pen?.form;
const input = box?.querySelector('input[type=file]');

function ask() {
  const dialog = document.createElement('dialog');
  dialog.className = 'keys';
  dialog.setAttribute('aria-labelledby', 'alt-title');
  dialog.innerHTML = '<form method="dialog"><h2 id="alt-title">What does the image show?</h2>'
    + '<div class="field"><label class="label" for="alt-words">In words, for those who can’t see it</label>'
    + '<input class="input" id="alt-words" maxlength="300" autocomplete="off" required></div>'
    + '<div class="actions"><button class="button primary">Put the image in</button></div></form>';
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((done) => dialog.addEventListener('close', () => {
    const words = dialog.querySelector('input').value.trim().replace(/[[\]\\]/g, '');
    dialog.remove();
    done(words);
  }));
}

async function send(file) {
  const name = file.name === 'image.png' ? `screenshot-${new Date().toISOString().slice(0, 10)}.png` : file.name;
  const mark = `![Sending ${name.replace(/[[\]()]/g, '')} …]()`;
  const data = new FormData();
  data.append('csrf_token', form.elements.csrf_token.value);
  data.append('image', file, name);
  write(mark);
  say(`Sending ${name}`);
  const sent = fetch(box.dataset.picturing, { method: 'POST', body: data, headers: { Accept: 'application/json' } })
    .then(async (answer) => (answer.redirected ? {} : answer.json())).catch(() => ({}));
  const words = await ask();
  const told = await sent;
  if (told.path) {
    replace(mark, `![${words}](${told.path})`);
    say(words ? `${name} is in the text.` : `${name} is in the text without words for those who can’t see it.`);
  } else {
    replace(mark, '');
    say(told.error ?? `${name} could not be sent. Check the connection, then add it again.`);
    box.open = true;
    const line = Object.assign(document.createElement('p'), { className: 'field-error', textContent: told.error ?? `${name} could not be sent. Check the connection, then add it again.` });
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
