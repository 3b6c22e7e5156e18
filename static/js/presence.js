// Tells the desk that this case is open here, and whether an answer is being written; shows who else is here.
const form = document.querySelector('form[data-presence]');
const place = form?.querySelector('[data-presence-into]');
const text = document.querySelector('#reply textarea');
const BEAT = 20000;
let typedAt = -Infinity;

async function beat() {
  if (document.hidden) return;
  form.elements.replying.value = text?.value.trim() && Date.now() - typedAt < 3 * BEAT ? 'yes' : 'no';
  try {
    const answer = await fetch(form.action, { method: 'POST', body: new FormData(form) });
    if (!answer.ok || answer.redirected) return;
    const told = (await answer.text()).trim();
    if (told !== place.dataset.told) place.innerHTML = told;
    place.dataset.told = told;
  } catch { /* the next beat may get through */ }
}

if (form) {
  text?.addEventListener('input', () => {
    const isFirst = Date.now() - typedAt > 3 * BEAT;
    typedAt = Date.now();
    if (isFirst) beat();
  });
  document.addEventListener('visibilitychange', beat);
  setInterval(beat, BEAT);
  beat();
}
