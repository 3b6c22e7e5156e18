// A part of the page that isn't needed at once is fetched after it; until then its link leads to the same.
document.querySelectorAll('[data-part-url]').forEach(async (place) => {
  try {
    const answer = await fetch(place.dataset.partUrl, { headers: { Accept: 'text/html' } });
    if (answer.ok && !answer.redirected) place.innerHTML = await answer.text();
  } catch { /* the link still works */ }
});
