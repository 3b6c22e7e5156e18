// The marks of Markdown at a press: a toolbar above the text area, with arrow keys between its buttons, and Ctrl+B, I, K.
import { pen, words, write } from './pen.js';

const selection = () => pen.value.slice(pen.selectionStart, pen.selectionEnd);
const around = (mark, sample) => () => {
  const text = selection() || sample;
  const start = pen.selectionStart + mark.length;
  write(mark + text + mark);
  pen.setSelectionRange(start, start + text.length);
};
const lines = (each, sample) => () => {
  const from = pen.value.lastIndexOf('\n', pen.selectionStart - 1) + 1;
  const end = pen.value.indexOf('\n', pen.selectionEnd);
  const to = end < 0 ? pen.value.length : end;
  const text = pen.value.slice(from, to).split('\n').map((line, n) => each(line, n)).join('\n');
  write(text || each(sample, 0), from, to);
};
const block = (make) => () => {
  const before = pen.value.slice(0, pen.selectionStart);
  const gap = !before || before.endsWith('\n\n') ? '' : before.endsWith('\n') ? '\n' : '\n\n';
  write(`${gap}${make(selection())}\n`);
};
const note = (kind, sample) => block((text) => `!!! ${kind}\n${(text || sample).split('\n').map((l) => `    ${l}`).join('\n')}`);
const link = (sample) => () => {
  write(`[${selection() || sample}](https://)`);
  pen.setSelectionRange(pen.selectionStart - 1, pen.selectionStart - 1);
};
const open = (name) => () => {
  const fold = document.querySelector(name);
  fold.open = true;
  fold.querySelector('input')?.focus();
};

const toolsOf = ({ tools, samples }) => [
  ['heading', 'H2', lines((l) => `## ${l.replace(/^#+ */, '')}`, tools.heading)],
  ['smaller', 'H3', lines((l) => `### ${l.replace(/^#+ */, '')}`, tools.heading)],
  ['bold', 'B', around('**', samples.bold), 'b'],
  ['emphasis', 'I', around('*', samples.emphasis), 'i'],
  ['steps', '', lines((l, n) => `${n + 1}. ${l.replace(/^(\d+\.|[-*]) +/, '')}`, samples.step)],
  ['list', '', lines((l) => `- ${l.replace(/^(\d+\.|[-*]) +/, '')}`, samples.item)],
  ['address', 'URL', link(samples.link), 'k'],
  ['link', '', open('[data-linking]')],
  ['code', '</>', () => (selection().includes('\n') ? block((w) => `\`\`\`\n${w}\n\`\`\``)() : around('`', samples.code)())],
  ['note', '', note('note', samples.note)],
  ['warning', '', note('warning', samples.note)],
  ['table', '', block(() => samples.table)],
  ['image', '', open('[data-picturing]')],
];

if (pen) {
  const tools = toolsOf(words);
  const bar = document.createElement('div');
  bar.className = 'toolbar';
  bar.setAttribute('role', 'toolbar');
  bar.setAttribute('aria-label', words.formatting);
  bar.setAttribute('aria-controls', pen.id);
  const buttons = tools.map(([tool, mark, act, key], n) => {
    const name = words.tools[tool];
    const sign = mark || words.signs[tool] || name;
    const button = Object.assign(document.createElement('button'), { type: 'button', className: 'tool', tabIndex: n ? -1 : 0 });
    const short = key ? ` (${words.ctrl}+${key.toUpperCase()})` : '';
    const sight = Object.assign(document.createElement('span'), { className: `sign-${tool}`, textContent: sign });
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
