// Keys: c goes to the composer, / to the search, Escape out of them, ? lists them all.

const dialog = document.getElementById('shortcuts');
const field = document.getElementById('message');
// On a narrow page that is a link.
const search = () => [...document.querySelectorAll('[type="search"], .to-search')].find((element) => element.checkVisibility());
const isTyping = (element) => element.matches('input, textarea, select, [contenteditable]');

function leave(event) {
  event.preventDefault(); // or the browser would clear the field
  document.activeElement.blur();
  document.getElementById('log')?.focus();
}

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'Escape' && document.activeElement.matches('#message, [type="search"]')) return leave(event);
  if (isTyping(document.activeElement) || dialog?.open) return;
  if (event.key === '?' && dialog) dialog.showModal();
  else if (event.key === 'c' && field) field.focus();
  else if (event.key === '/') search().focus();
  else return;
  event.preventDefault();
});
