// A form is sent once: a second press is ignored, the button keeps its words and says it is busy.
// Ctrl+Enter (or Cmd+Enter) in a text with data-send-key presses the form's main button.
const WAIT = 15000;
const release = (form) => {
  delete form.dataset.sent;
  form.querySelectorAll('[aria-busy]').forEach((button) => button.removeAttribute('aria-busy'));
};

document.addEventListener('submit', (e) => {
  const form = e.target;
  if (form.method !== 'post' || e.defaultPrevented) return;
  if (form.dataset.sent) return e.preventDefault();
  form.dataset.sent = 'yes';
  e.submitter?.setAttribute('aria-busy', 'true');
  setTimeout(release, WAIT, form);
});

document.addEventListener('keydown', (e) => {
  if (e.key !== 'Enter' || !(e.ctrlKey || e.metaKey) || !e.target.matches('textarea[data-send-key]')) return;
  e.preventDefault();
  e.target.form.requestSubmit(e.target.form.querySelector('.button.primary'));
});

// Coming back by the browser's Back button finds the form ready again
addEventListener('pageshow', (e) => { if (e.persisted) document.querySelectorAll('form[data-sent]').forEach(release); });
