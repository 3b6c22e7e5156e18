// The browser knows its own time zone: fill it in where nothing was chosen yet.
const field = document.querySelector('[data-zone]');
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

if (field && !field.value && (field.type === 'hidden' || [...field.options].some((o) => o.value === zone))) field.value = zone;
