// Copying with one press: code, the link of a heading, a case number (any element with data-copy="what it is").
const live = Object.assign(document.createElement('p'), { className: 'visually-hidden', role: 'status' });
document.body.append(live);

async function copy(text, said) {
  try {
    await navigator.clipboard.writeText(text);
    live.textContent = '';
    setTimeout(() => { live.textContent = said; }, 50);
    return true;
  } catch {
    live.textContent = 'Copying did not work. Select the text and copy it yourself.';
    return false;
  }
}

function button(what, text) {
  const word = document.createTextNode('Copy');
  const node = Object.assign(document.createElement('button'), { type: 'button', className: 'copy' });
  node.append(word, Object.assign(document.createElement('span'), { className: 'visually-hidden', textContent: ` ${what}` }));
  node.addEventListener('click', async () => {
    word.data = await copy(text(), `Copied ${what}`) ? 'Copied' : 'Failed';
    setTimeout(() => { word.data = 'Copy'; }, 2500);
  });
  return node;
}

if (navigator.clipboard) {
  document.querySelectorAll('.prose pre').forEach((pre) => {
    const box = document.createElement('div');
    box.className = 'copyable';
    pre.replaceWith(box);
    box.append(pre, button('code', () => pre.innerText.trimEnd()));
  });
  document.querySelectorAll('[data-copy]').forEach((node) => {
    node.after(' ', button(node.dataset.copy, () => node.textContent.trim()));
    node.removeAttribute('data-copy');
  });
  document.querySelectorAll('.prose .headerlink').forEach((link) => link.addEventListener('click', () => copy(link.href, 'Copied the link to this section')));
}

// Whatever scrolls sideways can be reached and scrolled by keyboard
document.querySelectorAll('.prose pre, .prose .table-wrap').forEach((node) => {
  if (node.scrollWidth > node.clientWidth) node.tabIndex = 0;
});
