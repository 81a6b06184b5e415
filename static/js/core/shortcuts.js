// Keys: c goes to the composer, / to the search, Escape out of them, ? lists them all; Ctrl+K, or Cmd+K,
// opens the switcher, and Alt+Up and Alt+Down go from room to room. They work at once, without a script
// that loads first: people type on after them.

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

const switcher = document.getElementById('switcher');
const dialog = document.getElementById('shortcuts');
const field = document.getElementById('message');
// On a narrow page the search is a link.
const search = () => [...document.querySelectorAll('[type="search"], .to-search')].find((element) => element.checkVisibility());
// On a Mac, Alt with an arrow moves through the text of a field.
const isMac = /^(Mac|iP)/.test(navigator.platform);
const isTyping = (element) => element.matches('input, textarea, select, [contenteditable]');

function leave(event) {
  event.preventDefault(); // or the browser would clear the field
  document.activeElement.blur();
  document.getElementById('log')?.focus();
}

function openSwitcher(event) {
  event.preventDefault();
  if (!switcher.open) switcher.showModal();
  const form = switcher.firstElementChild;
  form.q.select();
  htmx.trigger(form, 'open');
}

// The public chat comes first, then each conversation.
function goToNext(event) {
  const rooms = [...document.querySelectorAll('.destination')];
  const here = rooms.findIndex((room) => room.ariaCurrent);
  event.preventDefault();
  rooms[here + STEPS[event.key]]?.click();
}

document.addEventListener('click', (event) => event.target.closest('.to-switcher') && openSwitcher(event));

// In the switcher and in a search, the arrows go from the field through what it finds, and Escape goes back.
function moveIn(list, event) {
  const stops = [...list.querySelectorAll('input, a')];
  const to = event.key === 'Escape' ? 0 : stops.indexOf(document.activeElement) + STEPS[event.key];
  event.preventDefault();
  stops[to]?.focus();
}

document.addEventListener('keydown', (event) => {
  if (switcher && event.key === 'k' && (event.ctrlKey || event.metaKey)) return openSwitcher(event);
  if (event.ctrlKey || event.metaKey) return;
  const list = document.activeElement.closest('#switcher, .search');
  if (list && !event.altKey && (STEPS[event.key] || (event.key === 'Escape' && document.activeElement.matches('.search a')))) return moveIn(list, event);
  if (event.altKey) return switcher && !document.querySelector('dialog[open]') && STEPS[event.key] && !(isMac && isTyping(document.activeElement)) && goToNext(event);
  if (event.key === 'Escape' && document.activeElement.matches('#message, [type="search"]')) return leave(event);
  if (isTyping(document.activeElement) || dialog?.open || switcher?.open) return;
  if (event.key === '?' && dialog) dialog.showModal();
  else if (event.key === 'c' && field) field.focus();
  else if (event.key === '/') search().focus();
  else return;
  event.preventDefault();
});
