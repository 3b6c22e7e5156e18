// A button that shows the password while it is typed; it is hidden again before the form is sent.
document.querySelectorAll('input[data-password]:not([data-ready])').forEach((input) => {
  input.dataset.ready = '';
  const words = JSON.parse(input.dataset.password);
  const row = document.createElement('div');
  const button = Object.assign(document.createElement('button'), { type: 'button', className: 'button secondary' });
  const live = Object.assign(document.createElement('span'), { className: 'visually-hidden', role: 'status' });
  row.className = 'with-button';
  input.replaceWith(row);
  row.append(input, button, live);
  button.setAttribute('aria-controls', input.id);
  const set = (shown) => {
    input.type = shown ? 'text' : 'password';
    button.textContent = shown ? words.hide : words.show;
    button.ariaLabel = shown ? words.hideLabel : words.showLabel;
  };
  button.addEventListener('click', () => {
    set(input.type === 'password');
    live.textContent = input.type === 'text' ? words.shown : words.hidden;
  });
  input.form?.addEventListener('submit', () => set(false));
  set(false);
});
