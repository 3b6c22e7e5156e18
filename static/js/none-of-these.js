// "None of these" and the statements before it exclude each other: ticking one side clears the other.
const form = document.querySelector('form[data-none-of-these]');

form?.addEventListener('change', ({ target }) => {
  if (target.type !== 'checkbox' || !target.checked) return;
  for (const box of form.querySelectorAll('input[type=checkbox]')) {
    if ((box.value === 'none') !== (target.value === 'none')) box.checked = false;
  }
});
