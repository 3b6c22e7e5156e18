// The preview follows the text: made by the server, a moment after typing rests, and it scrolls along. Without this, "Preview and check" does it.
const form = document.querySelector('form[data-preview-url]');
const place = document.querySelector('[data-preview-into]');
const text = form?.querySelector('textarea[name=body]');

if (text && place) {
  let call;
  let rest;

  async function show() {
    call?.abort();
    call = new AbortController();
    const data = new FormData(form);
    data.delete('image');
    try {
      const answer = await fetch(form.dataset.previewUrl, { method: 'POST', body: data, signal: call.signal });
      if (answer.redirected || !(answer.ok || answer.status === 422)) return;
      const at = place.scrollTop;
      place.innerHTML = await answer.text();
      place.scrollTop = at;
    } catch { /* superseded, or no answer: the button still works */ }
  }

  form.addEventListener('input', (e) => {
    if (!['body', 'title', 'summary'].includes(e.target.name)) return;
    clearTimeout(rest);
    rest = setTimeout(show, 250);
  });
  text.addEventListener('scroll', () => {
    const room = text.scrollHeight - text.clientHeight;
    if (room > 0) place.scrollTop = (text.scrollTop / room) * (place.scrollHeight - place.clientHeight);
  }, { passive: true });
  if (text.value.trim() && !place.querySelector('.prose')) show();
}
