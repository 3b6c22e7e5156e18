// The preview follows the text: made by the server, a moment after typing rests. Without this, "Preview" does it.
const form = document.querySelector('form[data-preview-url]');
const place = document.querySelector('[data-preview-into]');
const text = form?.querySelector('textarea[name=body]');

if (text && place) {
  let call;
  let rest;

  async function show() {
    call?.abort();
    call = new AbortController();
    try {
      const answer = await fetch(form.dataset.previewUrl, { method: 'POST', body: new FormData(form), signal: call.signal });
      if (answer.ok || answer.status === 422) place.innerHTML = await answer.text();
    } catch { /* superseded, or no answer: the button still works */ }
  }

  text.addEventListener('input', () => {
    clearTimeout(rest);
    rest = setTimeout(show, 300);
  });
}
