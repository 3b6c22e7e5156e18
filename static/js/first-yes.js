// Once a question is answered with yes, the less urgent ones after it need no answer: they step back.
const form = document.querySelector('form[data-first-yes]');

function step() {
  let settled = false;
  for (const set of form.querySelectorAll('fieldset')) {
    if (!settled || set.querySelector('input:checked')) set.hidden = false;
    else set.hidden = true;
    if (set.querySelector('input[value=yes]:checked')) settled = true;
  }
}

if (form) {
  form.addEventListener('change', step);
  step();
}
