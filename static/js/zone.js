// The browser knows its own time zone: choose it where nothing was chosen yet.
const select = document.querySelector('select[data-zone]');
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

if (select && !select.value && [...select.options].some((o) => o.value === zone)) select.value = zone;
