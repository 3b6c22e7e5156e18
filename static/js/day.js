// A button beside the field for a day, that opens the browser's own calendar; the day chosen there is written into
// the field as people write it. The calendar belongs to an input that nobody tabs to or hears of.
const canPick = 'showPicker' in HTMLInputElement.prototype;
const { lang } = document.documentElement;
const format = new Intl.DateTimeFormat(lang === 'en' ? 'en-GB' : lang, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

if (canPick) document.querySelectorAll('input[data-day]:not([data-ready])').forEach((input) => {
  input.dataset.ready = '';
  const words = JSON.parse(input.dataset.day);
  const row = document.createElement('div');
  const button = Object.assign(document.createElement('button'), { type: 'button', className: 'button secondary', textContent: words.choose, ariaLabel: words.label });
  const picker = Object.assign(document.createElement('input'), { type: 'date', className: 'day-picker', tabIndex: -1, ariaHidden: 'true', value: input.dataset.dayValue ?? '' });
  let shown = input.value;
  row.className = 'with-button';
  input.replaceWith(row);
  row.append(input, picker, button);
  button.addEventListener('click', () => {
    if (input.value !== shown) picker.value = '';
    picker.showPicker();
  });
  picker.addEventListener('change', () => {
    input.value = shown = picker.value && format.format(picker.valueAsDate);
    input.dispatchEvent(new Event('input', { bubbles: true }));
    input.focus();
  });
});
