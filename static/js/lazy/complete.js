// Completes people after an @ and emoji after a colon, while one writes a message. The text keeps the focus: the list
// beside it shows which of its options Enter takes.

const field = document.getElementById('message');
const list = document.getElementById('completions');
const announcer = document.getElementById('announcer');
const log = document.getElementById('log');
const PAUSE = 100; // ms
const WORD = /(?:^|[\s()[\]{}"'*_~|])(@[^\s@:]{0,32}|:[a-z0-9_+-]{2,32})$/; // a colon with one character is :p
const STEPS = { ArrowDown: 1, ArrowUp: -1 };
let word; // that the list completes
let refused; // where the word begins whose list was closed
let timer;

const written = () => (field.selectionStart === field.selectionEnd && WORD.exec(field.value.slice(0, field.selectionEnd))?.[1]) || '';
const start = () => field.selectionEnd - written().length;
const chosen = () => list.querySelector('[aria-selected="true"]');

function choose(option) {
  chosen()?.setAttribute('aria-selected', 'false');
  option?.setAttribute('aria-selected', 'true');
  option?.scrollIntoView({ block: 'nearest' });
  if (option) field.setAttribute('aria-activedescendant', option.id);
  else field.removeAttribute('aria-activedescendant');
}

function show(html) {
  list.innerHTML = html;
  const { length } = list.children;
  list.hidden = !length;
  list.scrollTop = 0;
  choose(list.firstElementChild);
  if (length) announcer.textContent = length > 1 ? `${length} suggestions` : '1 suggestion';
}

function close() {
  word = '';
  if (!list.hidden) show('');
}

async function ask() {
  const sought = written();
  const query = new URLSearchParams({ room: log.dataset.room, q: sought });
  const answer = await fetch(`/complete?${query}`, { headers: { 'HX-Request': 'true' }, redirect: 'manual' }).catch(() => undefined);
  const html = answer?.ok ? await answer.text() : '';
  if (written() !== sought || document.activeElement !== field) return;
  word = sought;
  show(html);
}

function wrote() {
  clearTimeout(timer);
  if (!written()) refused = undefined;
  if (!written() || start() === refused) return close();
  timer = setTimeout(ask, PAUSE);
}

function take(option) {
  field.setSelectionRange(start(), field.selectionEnd);
  close();
  document.execCommand('insertText', false, option.dataset.value); // which can be undone
}

function press(event) {
  if (list.hidden || event.target !== field || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const options = [...list.children];
  if (STEPS[event.key]) choose(options.at((options.indexOf(chosen()) + STEPS[event.key]) % options.length));
  else if (event.key === 'Enter' || event.key === 'Tab') take(chosen());
  else if (event.key === 'Escape') {
    refused = start();
    close();
  } else return;
  event.preventDefault();
  event.stopImmediatePropagation(); // Enter would send the message
}

document.addEventListener('keydown', press, true);
document.addEventListener('selectionchange', () => !list.hidden && written() !== word && close());
field.addEventListener('input', wrote);
field.addEventListener('blur', close);
field.addEventListener('plaza:written', close);
list.addEventListener('mousedown', (event) => event.preventDefault()); // the text keeps the focus
list.addEventListener('click', ({ target }) => target.closest('[role="option"]') && take(target.closest('[role="option"]')));
wrote();
