// Puts words into a text area so that the browser's own "undo" knows of it, and tells whoever follows the text.
export const pen = document.querySelector('textarea[data-pen]');
export const words = pen && JSON.parse(pen.form.dataset.words);
export const of = (sentence, values) => Object.entries(values).reduce((said, [name, value]) => said.replace(`%(${name})s`, () => value), sentence);
export const say = (said) => {
  const place = document.querySelector('[data-editor-status]');
  if (place) place.textContent = said;
};

export function write(text, from = pen.selectionStart, to = pen.selectionEnd) {
  pen.focus();
  pen.setSelectionRange(from, to);
  if (!document.execCommand('insertText', false, text)) {
    pen.setRangeText(text, from, to, 'end');
    pen.dispatchEvent(new Event('input', { bubbles: true }));
  }
}

export function replace(mark, text) {
  const at = pen.value.indexOf(mark);
  if (at < 0) return false;
  write(text, at, at + mark.length);
  return true;
}
