// Another priority shows its own promise at once: the same words that the server would show on the next page.
const form = document.querySelector('form[data-expectation-url]');
const place = document.querySelector('[data-expectation-into]');

if (form && place) {
  let call;
  place.setAttribute('aria-live', 'polite');
  form.addEventListener('change', async (e) => {
    if (e.target.type !== 'radio') return;
    call?.abort();
    call = new AbortController();
    try {
      const chosen = new URLSearchParams({ [e.target.name]: e.target.value });
      const answer = await fetch(`${form.dataset.expectationUrl}?${chosen}`, { signal: call.signal, headers: { Accept: 'text/html' } });
      if (answer.ok) place.innerHTML = await answer.text();
    } catch { /* superseded, or no answer: "Show the new time" still works */ }
  });
}
