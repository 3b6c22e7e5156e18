// Which of the offered articles were opened goes with the form: staff and writers learn what did not help.
const form = document.querySelector('.question-form');

document.querySelectorAll('details[data-opened]').forEach((box) => {
  box.addEventListener('toggle', () => {
    if (!box.open || box.dataset.counted || !form) return;
    box.dataset.counted = 'yes';
    form.append(Object.assign(document.createElement('input'), { type: 'hidden', name: 'opened', value: box.dataset.opened }));
  });
});
