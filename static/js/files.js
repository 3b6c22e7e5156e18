// Adds to the plain file input: drop, paste of screenshots, a list of what was chosen, and, where the
// component names an upload address, sending each file at once with progress and cancel.
const make = (tag, props = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children);
  return node;
};
const { lang } = document.documentElement;
const plural = new Intl.PluralRules(lang);
const megabytes = new Intl.NumberFormat(lang, { minimumFractionDigits: 1, maximumFractionDigits: 1, useGrouping: false });
const size = (n, bytes) => n < 1e3 ? bytes[plural.select(n)].replace('%(number)s', n) : n < 1e6 ? `${Math.round(n / 1e3)} kB` : `${megabytes.format(n / 1e6)} MB`;
const of = (sentence, name) => sentence.replace('%(name)s', () => name);

function enhance(box) {
  const words = JSON.parse(box.dataset.files);
  const input = box.querySelector('input[type=file]');
  const list = box.querySelector('[data-file-list]');
  const live = box.querySelector('[data-files-status]');
  const drop = box.querySelector('.drop');
  const url = box.dataset.uploadUrl;
  let chosen = [], underway = 0, waiting = null;

  const row = (file, button) => {
    const item = make('li', { className: 'file' });
    if (/^image\/(png|jpeg|gif|webp)$/.test(file.type)) {
      createImageBitmap(file).then((picture) => {
        const canvas = make('canvas', { width: 48, height: 48 });
        const scale = 48 / Math.min(picture.width, picture.height);
        canvas.getContext('2d').drawImage(picture, (48 - picture.width * scale) / 2, (48 - picture.height * scale) / 2, picture.width * scale, picture.height * scale);
        canvas.ariaHidden = 'true';
        item.prepend(canvas);
      }).catch(() => { /* no thumbnail */ });
    }
    item.append(make('span', { className: 'file-name' }, `${file.name} `, make('span', { className: 'quiet', textContent: size(file.size, words.bytes) })), button);
    list.append(item);
    list.hidden = false;
    return item;
  };
  const remove = (item, name) => {
    const next = item.nextElementSibling?.querySelector('button') ?? input;
    item.remove();
    list.hidden = !list.children.length;
    live.textContent = of(words.removed, name);
    next.focus();
  };

  // Without an upload address the files travel with the form: keep the input's own list in step
  const sync = () => {
    const carrier = new DataTransfer();
    chosen.forEach((file) => carrier.items.add(file));
    input.files = carrier.files;
  };
  const attach = (file) => {
    const button = make('button', { type: 'button', className: 'button quiet', ariaLabel: of(words.removeLabel, file.name) }, words.remove);
    const item = row(file, button);
    chosen.push(file);
    button.addEventListener('click', () => { chosen = chosen.filter((f) => f !== file); sync(); remove(item, file.name); });
  };

  // A form sent while files are still on their way waits for them
  input.form?.addEventListener('submit', (e) => {
    if (!underway) return;
    e.preventDefault();
    waiting = e.submitter;
    live.textContent = words.waiting;
  });
  const settled = (well) => {
    underway -= 1;
    if (underway || !waiting) return;
    const button = waiting;
    waiting = null;
    if (well) input.form.requestSubmit(button);
  };

  const upload = (file) => {
    underway += 1;
    const call = new XMLHttpRequest();
    const data = new FormData();
    const button = make('button', { type: 'button', className: 'button quiet', ariaLabel: of(words.cancelLabel, file.name) }, words.cancel);
    const bar = make('progress', { max: 100, value: 0, ariaLabel: of(words.sending, file.name) });
    const item = row(file, button);
    const fail = (text) => {
      bar.remove();
      item.append(make('p', { className: 'field-error', textContent: text }));
      button.textContent = words.dismiss;
      button.ariaLabel = of(words.dismissLabel, file.name);
      live.textContent = text;
      settled(false);
    };
    item.append(bar);
    data.append('csrf_token', input.form?.elements.csrf_token?.value ?? '');
    data.append(input.name, file, file.name);
    button.addEventListener('click', () => {
      if (call.readyState < 4) { call.abort(); settled(true); }
      remove(item, file.name);
    });
    call.upload.addEventListener('progress', (e) => { if (e.lengthComputable) bar.value = 100 * e.loaded / e.total; });
    call.addEventListener('error', () => fail(of(words.noConnection, file.name)));
    call.addEventListener('load', () => {
      let answer = {};
      try { answer = JSON.parse(call.responseText); } catch { /* a page instead of an answer */ }
      if (call.status >= 400 || !answer.id) return fail(answer.error ?? of(words.refused, file.name));
      bar.remove();
      button.replaceWith(make('button', { type: 'submit', className: 'button quiet', name: 'remove_file', value: answer.id, formNoValidate: true, ariaLabel: of(words.removeLabel, file.name) }, words.remove));
      live.textContent = of(words.attached, file.name);
      settled(true);
    });
    call.open('POST', url);
    call.setRequestHeader('Accept', 'application/json');
    call.send(data);
  };

  const add = (files) => {
    for (const file of files) if (url) upload(file); else attach(file);
    if (url) input.value = ''; else sync();
  };

  input.addEventListener('change', () => add([...input.files].filter((f) => !chosen.includes(f))));
  for (const kind of ['dragenter', 'dragover']) drop.addEventListener(kind, (e) => { if (e.dataTransfer.types.includes('Files')) { e.preventDefault(); drop.classList.add('over'); } });
  for (const kind of ['dragleave', 'drop']) drop.addEventListener(kind, () => drop.classList.remove('over'));
  drop.addEventListener('drop', (e) => { e.preventDefault(); add(e.dataTransfer.files); });
  input.form?.addEventListener('paste', (e) => {
    const files = [...e.clipboardData.files];
    if (!files.length) return;
    e.preventDefault();
    const stamp = new Date().toTimeString().slice(0, 8).replaceAll(':', '.');
    add(files.map((f) => f.name === 'image.png' ? new File([f], `${words.screenshot.replace('%(time)s', stamp)}.png`, { type: f.type }) : f));
  });
}

document.querySelectorAll('[data-files]:not([data-ready])').forEach((box) => {
  box.dataset.ready = '';
  try { enhance(box); } catch { /* the plain input works alone */ }
});
