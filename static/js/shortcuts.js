// Keys: c goes to the composer, Escape out of it, ? lists them all.

const dialog = document.getElementById('shortcuts');
const field = document.getElementById('message');
const isTyping = (element) => element.matches('input, textarea, select, [contenteditable]');

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'Escape' && document.activeElement === field) return document.getElementById('log').focus();
  if (isTyping(document.activeElement) || dialog?.open) return;
  if (event.key === '?' && dialog) dialog.showModal();
  else if (event.key === 'c' && field) field.focus();
  else return;
  event.preventDefault();
});
