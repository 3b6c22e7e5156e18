// Where text and preview have no room side by side, the two links show one of them; without this they lead from one to the other.
const form = document.querySelector('form[data-editor]');
const links = form ? [...form.querySelectorAll('[data-view-of]')] : [];
let left = 0;

function show(view) {
  if (form.dataset.view === 'write') left = scrollY;
  form.dataset.view = view;
  for (const link of links) {
    if (link.dataset.viewOf === view) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  }
}

if (links.length) {
  show(location.hash === '#preview-title' ? 'preview' : 'write');
  for (const link of links) {
    link.addEventListener('click', (e) => {
      e.preventDefault();
      show(link.dataset.viewOf);
      document.querySelector(link.hash).focus({ preventScroll: true });
      if (link.dataset.viewOf === 'write') scrollTo(0, left);
      else form.scrollIntoView();
    });
  }
  // A link to a field, as in the list of what is wrong, leads there from the preview too
  addEventListener('hashchange', () => {
    const field = document.getElementById(location.hash.slice(1));
    if (!field?.closest('.pen') || form.dataset.view === 'write') return;
    show('write');
    field.scrollIntoView();
    field.focus();
  });
}
