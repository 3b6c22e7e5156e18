// A field that follows from another answer appears with it, and is not sent without it.
// Each [data-when] holds the field, or a template of it where the server did not show it.
document.querySelectorAll('[data-when]').forEach((box) => {
  const form = box.closest('form');
  const show = () => {
    const controls = form.querySelectorAll(`[name="${CSS.escape(box.dataset.when)}"]`);
    const answers = [...controls].filter((c) => c.type !== 'radio' || c.checked).map((c) => c.value);
    const applies = answers.includes(box.dataset.is);
    const template = box.querySelector('template');
    if (applies && template) template.replaceWith(template.content);
    box.hidden = !applies;
    box.querySelectorAll('input, textarea, select').forEach((c) => { c.disabled = !applies; });
  };
  form.addEventListener('change', show);
  show();
});
