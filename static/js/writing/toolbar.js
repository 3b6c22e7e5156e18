// The marks of Markdown at a press: a toolbar above the text area, with arrow keys between its buttons, and Ctrl+B, I, K.
import { pen, write } from './pen.js';

const selection = () => pen.value.slice(pen.selectionStart, pen.selectionEnd);
const around = (mark, sample) => () => {
  const words = selection() || sample;
  const start = pen.selectionStart + mark.length;
  write(mark + words + mark);
  pen.setSelectionRange(start, start + words.length);
};
const lines = (each, sample) => () => {
  const from = pen.value.lastIndexOf('\n', pen.selectionStart - 1) + 1;
  const end = pen.value.indexOf('\n', pen.selectionEnd);
  const to = end < 0 ? pen.value.length : end;
  const words = pen.value.slice(from, to).split('\n').map((line, n) => each(line, n)).join('\n');
  write(words || each(sample, 0), from, to);
};
const block = (make) => () => {
  const before = pen.value.slice(0, pen.selectionStart);
  const gap = !before || before.endsWith('\n\n') ? '' : before.endsWith('\n') ? '\n' : '\n\n';
  write(`${gap}${make(selection())}\n`);
};
const note = (kind) => block((words) => `!!! ${kind}\n${(words || 'What the reader has to know.').split('\n').map((l) => `    ${l}`).join('\n')}`);
const link = () => {
  const words = selection() || 'words of the link';
  write(`[${words}](https://)`);
  pen.setSelectionRange(pen.selectionStart - 1, pen.selectionStart - 1);
};
const open = (name) => () => {
  const fold = document.querySelector(name);
  fold.open = true;
  fold.querySelector('input')?.focus();
};

const tools = [
  ['Heading', 'H2', lines((l) => `## ${l.replace(/^#+ */, '')}`, 'Heading')],
  ['Smaller heading', 'H3', lines((l) => `### ${l.replace(/^#+ */, '')}`, 'Heading')],
  ['Bold', 'B', around('**', 'name of a button'), 'b'],
  ['Emphasis', 'I', around('*', 'word'), 'i'],
  ['Numbered steps', '1. Steps', lines((l, n) => `${n + 1}. ${l.replace(/^(\d+\.|[-*]) +/, '')}`, 'First step')],
  ['List', '• List', lines((l) => `- ${l.replace(/^(\d+\.|[-*]) +/, '')}`, 'Item')],
  ['Web address', 'URL', link, 'k'],
  ['Link to an article', 'Article', open('[data-linking]')],
  ['Code', '</>', () => (selection().includes('\n') ? block((w) => `\`\`\`\n${w}\n\`\`\``)() : around('`', 'code')())],
  ['Note', 'Note', note('note')],
  ['Warning', 'Warning', note('warning')],
  ['Table', 'Table', block(() => '| What | How |\n|---|---|\n| First | … |\n| Second | … |')],
  ['Image', 'Image', open('[data-picturing]')],
];

if (pen) {
  const bar = document.createElement('div');
  bar.className = 'toolbar';
  bar.setAttribute('role', 'toolbar');
  bar.setAttribute('aria-label', 'Formatting');
  bar.setAttribute('aria-controls', pen.id);
  const buttons = tools.map(([name, sign, act, key], n) => {
    const button = Object.assign(document.createElement('button'), { type: 'button', className: 'tool', tabIndex: n ? -1 : 0 });
    const short = key ? ` (Ctrl+${key.toUpperCase()})` : '';
    const sight = Object.assign(document.createElement('span'), { className: `sign-${name.toLowerCase().replaceAll(' ', '-')}`, textContent: sign });
    button.append(sight);
    if (sign !== name) button.append(Object.assign(document.createElement('span'), { className: 'visually-hidden', textContent: ` ${name}` }));
    button.title = name + short;
    button.addEventListener('click', act);
    bar.append(button);
    return button;
  });
  bar.addEventListener('keydown', (e) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity }[e.key];
    if (!step) return;
    e.preventDefault();
    const at = buttons.indexOf(document.activeElement);
    const to = step === -Infinity ? 0 : step === Infinity ? buttons.length - 1 : (at + step + buttons.length) % buttons.length;
    buttons.forEach((button, n) => { button.tabIndex = n === to ? 0 : -1; });
    buttons[to].focus();
  });
  pen.before(bar);
  pen.addEventListener('keydown', (e) => {
    if (!(e.ctrlKey || e.metaKey) || e.altKey || e.shiftKey) return;
    const tool = tools.find(([, , , key]) => key === e.key.toLowerCase());
    if (!tool) return;
    e.preventDefault();
    e.stopPropagation();
    tool[2]();
  });
}
