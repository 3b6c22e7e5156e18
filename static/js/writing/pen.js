// Puts words into a text area so that the browser's own "undo" knows of it, and tells whoever follows the text.
export const pen = document.querySelector('textarea[data-pen]');
export const say = (words) => {
  const place = document.querySelector('[data-editor-status]');
  if (place) place.textContent = words;
};

export function write(words, from = pen.selectionStart, to = pen.selectionEnd) {
  pen.focus();
  pen.setSelectionRange(from, to);
  if (!document.execCommand('insertText', false, words)) {
    pen.setRangeText(words, from, to, 'end');
    pen.dispatchEvent(new Event('input', { bubbles: true }));
  }
}

export function replace(mark, words) {
  const at = pen.value.indexOf(mark);
  if (at < 0) return false;
  write(words, at, at + mark.length);
  return true;
}
