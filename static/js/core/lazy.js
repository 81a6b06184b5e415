// Loads a script of js/lazy when the page first needs it. If the script does not come, the page works as it
// does without JavaScript.

const ignore = () => {};

// Each entry names the elements that need a script. The server replaces each path with a hashed address, so each
// import() has a literal path.
let parts = [
  ['.code', () => import('../lazy/code.js')],
  ['.math', () => import('../lazy/math.js')],
  ['#log .reaction', () => import('../lazy/reactions.js')],
  ['#results', () => import('../lazy/search.js')],
  ['[data-copies]', () => import('../lazy/copy.js')],
  ['#device-notices', () => import('../lazy/device.js')],
  ['#log[data-room="0"]', () => import('../lazy/unopened.js')],
];

function loadParts() {
  parts = parts.filter(([selector, load]) => !document.querySelector(selector) || void load().catch(ignore));
}

loadParts();
document.addEventListener('plaza:added', loadParts);
document.addEventListener('htmx:after:swap', loadParts);

// After the pointer was on a person, the script of cards follows it: a card closes when the pointer leaves.
const PERSON = ':is(main, .people-panel) a[href^="/u/"]';
let card;

function pointTo(target) {
  const link = target.closest(PERSON);
  if (link) card ??= import('../lazy/card.js').catch(() => { card = undefined; });
  card?.then((script) => script?.pointTo(target.closest('#card') ?? link));
}

if (document.getElementById('stream')) {
  document.addEventListener('pointerover', ({ target, pointerType }) => pointerType !== 'touch' && pointTo(target));
  document.addEventListener('focusin', ({ target }) => target.matches(`${PERSON}:focus-visible`) && pointTo(target));
}

// The swipe that opens the navigation is for fingers.
if (document.getElementById('navigation') && matchMedia('(pointer: coarse)').matches) import('../lazy/drawer.js').catch(ignore);

// New messages are said by a script that comes with the first one.
if (document.querySelector('#announcer[data-messages]')) {
  document.addEventListener('plaza:new', ({ detail: articles }) => import('../lazy/announcer.js').then(({ announce }) => announce(articles), ignore));
}

// What one does with a message comes with the first press of its button, or when the pointer or the focus is in the log.
const log = document.getElementById('log');
const actions = () => import('../lazy/actions.js');

if (document.getElementById('message-menu')) {
  const prepare = (event) => actions().then(({ point }) => point(event), ignore);
  for (const name of ['focusin', 'pointerover']) log.addEventListener(name, prepare, { once: true });
  if (document.activeElement.matches('article')) prepare({ target: document.activeElement }); // of the address
  log.addEventListener('click', (event) => {
    const button = event.target.closest('.message-actions');
    if (!button) return;
    event.preventDefault();
    actions().then(({ openMenu }) => openMenu(button), () => button.form.requestSubmit(button));
  });
}

// Near the limit of a message, which is in code points, a script counts. A code point has one or two characters here.
const field = document.getElementById('message');
const NEAR = 3600;
let limit;

function countNearLimit() {
  if (field.value.length >= NEAR) limit ??= import('../lazy/limit.js').catch(() => { limit = undefined; });
}

if (field && document.getElementById('announcer')) {
  field.addEventListener('keydown', ({ key }) => key === 'ArrowUp' && !field.value && actions().then(({ editLast }) => editLast(), ignore));
  field.addEventListener('input', countNearLimit);
  field.addEventListener('plaza:written', countNearLimit);
  countNearLimit();
}

// A draft is saved by a script that comes with the first change of the text, or with a text that is not saved yet.
if (field?.form.dataset.draft) {
  const draft = () => import('../lazy/draft.js').catch(ignore);
  field.addEventListener('input', draft, { once: true });
  if (field.value !== field.defaultValue) draft();
}

// What completes a person or an emoji comes with the first @ or colon that begins a word.
if (field && log) {
  const begin = ({ data }) => {
    if (!/[@:]/.test(data)) return;
    field.removeEventListener('input', begin);
    import('../lazy/complete.js').catch(() => field.addEventListener('input', begin));
  };
  field.addEventListener('input', begin);
}

// What formats a message comes with the first press of a tool or of its key, and with an address that is pasted over a
// text. Ctrl+K without a selection opens the switcher.
const COMMAND = /^(Mac|iP)/.test(navigator.platform) ? 'metaKey' : 'ctrlKey'; // on a Mac, Ctrl+E goes to the end of the line
const KEYS = { b: 'bold', i: 'italic', e: 'code', k: 'link' };
const ADDRESS = /^https?:\/\/\S+$/;
const isMessage = (element) => element.matches('#message, .edit textarea');
const selected = ({ value, selectionStart, selectionEnd }) => value.slice(selectionStart, selectionEnd);
const formatting = () => import('../lazy/format.js');

if (field) {
  const tools = document.querySelector('.format');
  tools?.addEventListener('mousedown', (event) => event.preventDefault()); // the field keeps the focus
  tools?.addEventListener('click', ({ target }) => {
    const tool = target.closest('[data-format]');
    if (tool) formatting().then(({ format }) => format(field, tool.dataset.format), ignore);
  });
  document.addEventListener('keydown', (event) => {
    const { target, altKey, shiftKey } = event;
    const does = event[COMMAND] && !altKey && !shiftKey && isMessage(target) && KEYS[event.key.toLowerCase()];
    if (!does || (does === 'link' && !selected(target))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    formatting().then(({ format }) => format(target, does), ignore);
  }, true);
  document.addEventListener('paste', (event) => {
    const { target, clipboardData } = event;
    const address = clipboardData.getData('text/plain').trim();
    if (!isMessage(target) || !selected(target).trim() || /^https?:/.test(selected(target)) || !ADDRESS.test(address)) return;
    event.preventDefault();
    formatting().then(({ link }) => link(target, address), () => document.execCommand('insertText', false, address));
  });
}

// Sounds and desktop notices are for those who asked for them on this device.
if (document.getElementById('inbox') && (kept.read('sound') || kept.read('desktop'))) import('../lazy/announce.js').catch(ignore);
