// Copying with one press: code, the link of a heading, a case number (any element with data-copy="what it is").
const live = Object.assign(document.createElement('p'), { className: 'visually-hidden', role: 'status' });
document.body.append(live);
const words = JSON.parse(document.querySelector('[data-copy-words]').dataset.copyWords);
const of = (sentence, what) => sentence.replace('%(what)s', what);

async function copy(text, said) {
  try {
    await navigator.clipboard.writeText(text);
    live.textContent = '';
    setTimeout(() => { live.textContent = said; }, 50);
    return true;
  } catch {
    live.textContent = words.sorry;
    return false;
  }
}

function button(what, text) {
  const word = document.createTextNode(words.copy);
  const node = Object.assign(document.createElement('button'), { type: 'button', className: 'copy', ariaLabel: of(words.label, what) });
  node.append(word);
  node.addEventListener('click', async () => {
    word.data = await copy(text(), of(words.done, what)) ? words.copied : words.failed;
    setTimeout(() => { word.data = words.copy; }, 2500);
  });
  return node;
}

if (navigator.clipboard) {
  document.querySelectorAll('.prose pre').forEach((pre) => {
    const box = document.createElement('div');
    box.className = 'copyable';
    pre.replaceWith(box);
    box.append(pre, button(words.code, () => pre.innerText.trimEnd()));
  });
  document.querySelectorAll('[data-copy]').forEach((node) => {
    node.after(' ', button(node.dataset.copy, () => node.textContent.trim()));
    node.removeAttribute('data-copy');
  });
  document.querySelectorAll('.prose .headerlink').forEach((link) => link.addEventListener('click', () => copy(link.href, words.section)));
}

// Whatever scrolls sideways can be reached and scrolled by keyboard
document.querySelectorAll('.prose pre, .prose .table-wrap').forEach((node) => {
  if (node.scrollWidth > node.clientWidth) node.tabIndex = 0;
});
