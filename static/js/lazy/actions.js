// What one does with a message: its menu, its keys, and the form that edits it in its place. Without this script the
// button of a message leads to the message's own page.

import { anchor, ask, note, pathOf } from './message.js';
import { isOwn, react, used } from './reactions.js';

const log = document.getElementById('log');
const menu = document.getElementById('message-menu');
const bar = document.getElementById('message-bar');
const UNDO = 10_000; // ms, as the server has it
const NOTE = 2000; // ms
const LONG_NOTE = 6000; // ms, for notes with a link
const SOON = 1000; // ms, in which the stream brings a change
const STEPS = { ArrowDown: 'nextElementSibling', ArrowUp: 'previousElementSibling' };
const hasTouchScreen = matchMedia('(pointer: coarse)');
let usual; // the emoji of the quick bar at first

// The message whose menu is open. A change puts another article in its place.
const chosen = () => document.getElementById(menu.dataset.message);

const isLive = (message) => message.id && !message.matches('.deleted, .event');
const pins = () => log.dataset.pinned.split(' ');
const fits = {
  own: ({ dataset }) => dataset.author === log.dataset.viewer,
  pinned: ({ dataset }) => pins().includes(dataset.seq),
  unpinned: (message) => !fits.pinned(message),
  edited: (message) => fits.own(message) && 'edits' in message.dataset,
  reacted: (message) => message.querySelector('.reaction'),
};

function showForm(message, html) {
  message.querySelector(':scope > .edit')?.remove();
  message.insertAdjacentHTML('beforeend', html);
  message.classList.add('editing');
  const field = message.querySelector('.edit textarea');
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
}

function closeForm(message) {
  message.querySelector(':scope > .edit')?.remove();
  message.classList.remove('editing');
  message.tabIndex = -1;
  message.focus({ preventScroll: true });
}

async function edit(message) {
  const path = `${pathOf(message)}/edit`;
  const answer = await ask(path);
  if (answer?.ok) showForm(message, await answer.text());
  else location.assign(path); // the page says what is wrong
}

async function saveEdit(form) {
  const message = form.closest('article');
  const field = form.querySelector('textarea');
  if (field.value === field.defaultValue && !field.ariaInvalid) return closeForm(message);
  form.ariaBusy = 'true';
  const answer = await ask(form.action, new URLSearchParams(new FormData(form)));
  form.ariaBusy = null;
  if (answer?.status === 204) {
    form.ariaBusy = 'true';
    setTimeout(() => message.isConnected && closeForm(message), SOON);
  } else if (answer && answer.status < 500 && answer.headers.get('Content-Type')?.startsWith('text/html')) {
    const html = await answer.text();
    if (html.includes('class="edit"')) showForm(message, html);
    else form.submit(); // the page says what is wrong
  } else {
    form.querySelector('.edit-tools').dataset.problem = 'Not saved. Please try again in a moment.';
  }
}

async function remove(message) {
  const answer = await ask(`${pathOf(message)}/delete`, new URLSearchParams());
  if (answer?.ok) note(await answer.text(), UNDO);
  else location.assign(pathOf(message));
}

async function restore(form) {
  const answer = await ask(form.action, new URLSearchParams());
  if (answer?.status === 204) form.remove();
  else form.submit(); // the page says what is wrong
}

async function copy({ id, dataset: { seq } }) {
  const { room } = log.dataset;
  const address = new URL(`${room === '1' ? '/' : `/rooms/${room}`}?at=${seq}#${id}`, location);
  try {
    await navigator.clipboard.writeText(address);
    note('<p class="note">Link copied.</p>', NOTE);
  } catch {
    location.assign(address); // the browser shows it, to be copied there
  }
}

async function save(message) {
  const path = pathOf(message);
  const answer = await ask(`${path}/save`, new URLSearchParams());
  if (answer?.status === 204) note('<p class="note">Saved. <a href="/saved">Show saved messages</a></p>', LONG_NOTE);
  else location.assign(path);
}

const reply = (message) => import('../lazy/reply.js').then((script) => script.reply(message), () => location.assign(pathOf(message)));
const showReactions = (message) => location.assign(`${pathOf(message)}/reactions`);

function pick(message) {
  import('./picker.js').then(({ open }) => open(message), () => showReactions(message));
}

// The bar has the emoji that the viewer uses most, and then those that it began with.
function fillQuickBar(message) {
  const buttons = [...menu.querySelectorAll('[data-emoji]')];
  usual ??= buttons.map(({ dataset }) => dataset.emoji);
  const most = [...new Set([...used().map(([emoji]) => emoji), ...usual])];
  buttons.forEach((button, i) => {
    button.ariaLabel = button.ariaLabel.replace(button.dataset.emoji, most[i]);
    button.textContent = button.dataset.emoji = most[i];
    button.ariaPressed = String(isOwn(message, most[i]));
  });
}

async function unread(message) {
  const path = pathOf(message);
  const answer = await ask(`${path}/unread`, new URLSearchParams());
  if (answer?.status !== 204) return location.assign(path); // the page says what is wrong
  document.dispatchEvent(new CustomEvent('plaza:unread', { detail: message }));
  note('<p class="note">Unread from here.</p>', NOTE);
}

// Says why a message could not be pinned, such as that too many are.
async function setPin(message, verb) {
  const { room, pinned } = log.dataset;
  const { seq } = message.dataset;
  const answer = await ask(`${pathOf(message)}/${verb}`, new URLSearchParams());
  if (answer?.status === 422) return note(`<div class="note">${await answer.text()}</div>`, LONG_NOTE);
  if (answer?.status !== 204) return location.assign(pathOf(message)); // the page says what is wrong
  log.dataset.pinned = verb === 'pin' ? `${pinned} ${seq}` : pins().filter((other) => other !== seq).join(' ');
  note(`<p class="note">${verb === 'pin' ? 'Pinned' : 'Unpinned'}. <a href="/rooms/${room}/pins">Show pinned messages</a></p>`, LONG_NOTE);
}

const pin = (message) => setPin(message, 'pin');
const unpin = (message) => setPin(message, 'unpin');

const actions = {
  edit, reply, react: pick, reactions: showReactions, copy, save, pin, unpin, unread, delete: remove, history: (message) => location.assign(`${pathOf(message)}/history`),
};
const keys = { e: 'edit', r: 'reply', '+': 'react', c: 'copy', s: 'save', Delete: 'delete' };

export function openMenu(button) {
  const article = button.closest('article');
  for (const item of menu.children) item.hidden = item.dataset.for && !fits[item.dataset.for](article);
  fillQuickBar(article);
  menu.dataset.message = article.id;
  anchor(article);
  menu.showPopover({ source: button });
  menu.querySelector(':scope > button:not([hidden])').focus();
}

// point puts the bar into the message that has the pointer or the focus. Fingers have the menu.
export function point({ target, pointerType }) {
  const message = target.closest('article');
  const button = message?.querySelector(':scope > .message-actions');
  if (!button || pointerType === 'touch' || button.previousElementSibling === bar) return;
  button.before(bar);
  bar.hidden = false;
}

// Edits the viewer's latest message on the page.
export function editLast() {
  const own = [...log.querySelectorAll('article')].filter((message) => isLive(message) && fits.own(message));
  if (own.length) edit(own.at(-1));
}

function goTo(message, step) {
  do message = message?.[step]; while (message && message.localName !== 'article');
  if (!message) return;
  message.tabIndex = -1;
  message.focus();
}

function pressed(event) {
  const { target, key } = event;
  if (target !== log && !target.matches('article')) return;
  const step = STEPS[key];
  if (step) {
    event.preventDefault();
    if (target !== log) goTo(target, step);
    else if (key === 'ArrowUp') goTo({ previousElementSibling: document.getElementById('messages').lastElementChild }, step);
    return;
  }
  // The log ends there only once it has the newest messages.
  if (key === 'End' && document.getElementById('newer')) document.getElementById('new-messages').click();
  const action = keys[key];
  if (!action || target === log || !isLive(target)) return;
  event.preventDefault();
  if (menu.querySelector(`[data-does="${action}"]`).dataset.for === 'own' && !fits.own(target)) return;
  actions[action](target);
}

function pressedInForm(event, form) {
  if (event.key === 'Escape') closeForm(form.closest('article'));
  else if (event.key === 'Enter' && !event.shiftKey && !hasTouchScreen.matches && event.target.matches('textarea')) form.requestSubmit();
  else return;
  event.preventDefault();
  event.stopPropagation(); // Escape would leave the field once more
}

menu.addEventListener('click', ({ target }) => {
  const quick = target.closest('[data-emoji]');
  if (quick) {
    menu.hidePopover();
    react(chosen(), quick.dataset.emoji, quick.ariaPressed !== 'true');
  }
  const does = target.closest('[data-does]')?.dataset.does;
  if (!does) return;
  menu.hidePopover();
  actions[does](chosen());
});
bar.addEventListener('click', ({ target }) => actions[target.closest('button').dataset.does](target.closest('article')));
log.addEventListener('pointerover', point);
log.addEventListener('focusin', point);
log.addEventListener('keydown', (event) => {
  const form = event.target.closest('.edit');
  if (form) pressedInForm(event, form);
  else if (!event.ctrlKey && !event.metaKey && !event.altKey) pressed(event);
});
log.addEventListener('click', (event) => {
  const cancel = event.target.closest('.edit [data-does="cancel"]');
  if (!cancel) return;
  event.preventDefault();
  closeForm(cancel.closest('article'));
});
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (!form.matches('article .edit, #notes .undo')) return;
  event.preventDefault();
  (form.matches('.undo') ? restore : saveEdit)(form);
});
