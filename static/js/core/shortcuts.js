// Keys: / goes to the search, Escape out of a field, ? lists them all; Ctrl+K, or Cmd+K, opens the switcher,
// and Alt+Up and Alt+Down go from room to room. All other characters go into the composer. They work at once,
// without a script that loads first: people type on after them.

const STEPS = { ArrowDown: 1, ArrowUp: -1 };

const switcher = document.getElementById('switcher');
const dialog = document.getElementById('shortcuts');
const field = document.querySelector('.composer-area #message');
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

// The button shows the field and gives it the focus, also during a preview.
const write = () => document.getElementById('write').click();

// A menu or a dialog keeps its keys.
const goesToField = () => field && !isTyping(document.activeElement) && !document.activeElement.closest('[popover]') && !document.querySelector('dialog[open]');

// A space scrolls, or presses a button. A dead key begins a character.
const isOfText = ({ key }) => (key !== ' ' && [...key].length === 1) || key === 'Dead';

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
  if (event.ctrlKey || event.metaKey || event.defaultPrevented) return; // a message has keys of its own
  const list = document.activeElement.closest('#switcher, .search');
  if (list && !event.altKey && (STEPS[event.key] || (event.key === 'Escape' && document.activeElement.matches('.search a')))) return moveIn(list, event);
  if (event.altKey) return switcher && !document.querySelector('dialog[open]') && STEPS[event.key] && !(isMac && isTyping(document.activeElement)) && goToNext(event);
  if (event.key === 'Escape' && document.activeElement.matches('#message, [type="search"]')) return leave(event);
  if (isTyping(document.activeElement) || dialog?.open || switcher?.open) return;
  if (event.key === '?' && dialog) dialog.showModal();
  else if (event.key === '/') search().focus();
  else return void (isOfText(event) && goesToField() && write()); // the field has the focus before the key types
  event.preventDefault();
});

document.addEventListener('paste', (event) => {
  const text = event.clipboardData.getData('text/plain');
  if (!text || !goesToField()) return;
  event.preventDefault();
  write();
  document.execCommand('insertText', false, text); // which can be undone
});

// Where people have a keyboard and a window with room, the composer has the focus from the start, unless the page
// opens at a message.
if (field && matchMedia('(width > 40rem) and (height > 26rem) and (not (pointer: coarse))').matches && document.activeElement === document.body
  && !location.hash && !document.querySelector('[autofocus]:not(dialog *), dialog[open], :popover-open')) field.focus({ preventScroll: true });
