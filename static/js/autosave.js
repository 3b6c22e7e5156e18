// What is typed into a field with data-autosave="key" is kept in this browser until it was sent, seven days at most.
const WEEK = 7 * 24 * 3600 * 1000;
const REST = 500;
const name = (key) => `draft:${key}`;
const store = {
  read(key) {
    try {
      const kept = JSON.parse(localStorage.getItem(name(key)));
      return kept && Date.now() - kept.at < WEEK ? kept : null;
    } catch { return null; }
  },
  write(key, text, sent = false) {
    try { localStorage.setItem(name(key), JSON.stringify({ text, sent, at: Date.now() })); return true; } catch { return false; }
  },
  drop(key) { try { localStorage.removeItem(name(key)); } catch { /* nothing kept */ } },
};

function offer(field, key, kept) {
  const before = field.value;
  const words = JSON.parse(field.dataset.autosaveWords);
  const line = document.createElement('p');
  const discard = Object.assign(document.createElement('button'), { type: 'button', className: 'button quiet', textContent: words.discard });
  line.className = 'meta';
  line.setAttribute('role', 'status');
  field.value = kept.text;
  discard.addEventListener('click', () => {
    field.value = before;
    store.drop(key);
    line.remove();
    field.focus();
  });
  field.after(line);
  line.append(`${words.back} `, discard);
}

document.querySelectorAll('[data-autosave]').forEach((field) => {
  const key = field.dataset.autosave;
  const kept = store.read(key);
  let rest;
  if (kept?.sent && document.querySelector('.status-message.good')) store.drop(key);
  else if (kept?.text && !field.value.trim()) offer(field, key, kept);
  else if (!kept) store.drop(key);
  const save = () => { if (field.value.trim()) store.write(key, field.value); else store.drop(key); };
  field.addEventListener('input', () => {
    clearTimeout(rest);
    rest = setTimeout(save, REST);
  });
  addEventListener('pagehide', () => { if (rest) { clearTimeout(rest); if (!store.read(key)?.sent) save(); } });
  field.form?.addEventListener('submit', () => {
    clearTimeout(rest);
    rest = 0;
    if (field.value.trim()) store.write(key, field.value, true);
  });
});

// Drafts older than a week are forgotten
try {
  Object.keys(localStorage).filter((k) => k.startsWith('draft:')).forEach((k) => { if (!store.read(k.slice(6))) localStorage.removeItem(k); });
} catch { /* storage is closed */ }
