// Adds and removes reactions, marks the viewer's own, and names people beside a reaction. A message names the newest
// people of each reaction. Where more people reacted, the page asks once for the viewer's own, and keeps up from there.

import { ask, note, pathOf } from './message.js';

const log = document.getElementById('log');
const { account } = document.documentElement.dataset;
const MOST = 1000; // reactions whose state is kept
const ASKED = 200; // messages that one request may name
const KEPT = 30; // emoji that the viewer has used
const NOTE = 6000; // ms
const REST = 300; // ms, before names appear
const GAP = 6; // px
const known = new Map(); // whether a reaction is the viewer's, by keyOf
const asking = new Set(); // the ids of messages
const keyOf = (article, emoji) => `${article.id} ${emoji}`;
const chipOf = (article, emoji) => [...article.querySelectorAll('.reaction')].find(({ value }) => value === emoji);

function forget() {
  if (known.size > MOST) [...known.keys()].filter((key) => !document.getElementById(key.split(' ')[0])).forEach((key) => known.delete(key));
}

// mark shows whether a reaction is the viewer's, and tells whether it knows.
function mark(article, chip) {
  const named = chip.dataset.by.split(' ');
  const count = Number(chip.textContent.split(' ').at(-1));
  const key = keyOf(article, chip.value);
  if (named.includes(account) || named.length >= count) known.set(key, named.includes(account));
  chip.ariaPressed = String(known.get(key) ?? false);
  return known.has(key);
}

async function learn(articles) {
  articles.forEach(({ id }) => asking.add(id));
  const query = new URLSearchParams([['room', log.dataset.room], ...articles.map(({ dataset: { seq } }) => ['seq', seq])]);
  const answer = await ask(`/messages/reactions?${query}`);
  articles.forEach(({ id }) => asking.delete(id));
  if (!answer?.ok) return;
  const own = new Map((await answer.text()).split('\n').map((line) => line.split(' ')).map(([seq, ...emoji]) => [seq, emoji]));
  for (const { id, dataset: { seq } } of articles) {
    const article = document.getElementById(id);
    if (!article) continue;
    for (const chip of article.querySelectorAll('.reaction')) {
      const key = keyOf(article, chip.value);
      if (!known.has(key)) known.set(key, own.get(seq)?.includes(chip.value) ?? false);
      mark(article, chip);
    }
  }
}

function markAll(articles) {
  const unknown = articles.filter((article) => [...article.querySelectorAll('.reaction')].filter((chip) => !mark(article, chip)).length && !asking.has(article.id));
  for (let i = 0; i < unknown.length; i += ASKED) learn(unknown.slice(i, i + ASKED));
  forget();
}

// used returns the emoji that the viewer reacts with, as [emoji, times], the most used first.
export function used() {
  try {
    return JSON.parse(kept.read('emoji') ?? '[]');
  } catch {
    return [];
  }
}

function use(emoji) {
  const others = used().filter(([other]) => other !== emoji).slice(0, KEPT - 1);
  const times = (used().find(([other]) => other === emoji)?.[1] ?? 0) + 1;
  kept.write('emoji', JSON.stringify([[emoji, times], ...others].sort((a, b) => b[1] - a[1])), true);
}

export const isOwn = (article, emoji) => chipOf(article, emoji)?.ariaPressed === 'true';

// react adds a reaction of the viewer, or removes it. The stream brings what the message shows then.
export async function react(article, emoji, isThere) {
  const answer = await ask(`${pathOf(article)}/reactions${isThere ? '' : '/remove'}`, new URLSearchParams({ emoji }));
  if (answer?.status !== 204) {
    const said = answer && new DOMParser().parseFromString(await answer.text(), 'text/html').body.textContent.trim();
    const html = document.createElement('p');
    html.className = 'note';
    html.textContent = said || 'That did not work. Please try again in a moment.';
    return note(html.outerHTML, NOTE);
  }
  known.set(keyOf(article, emoji), isThere);
  if (isThere) use(emoji);
  const chip = document.getElementById(article.id) && chipOf(document.getElementById(article.id), emoji);
  if (chip) chip.ariaPressed = String(isThere);
}

let over; // the reaction that has the pointer or the focus
let timer;
const shown = () => document.getElementById('reactors');

function close() {
  clearTimeout(timer);
  over?.removeAttribute('aria-describedby');
  over = null;
  shown()?.remove();
}

function place(names, chip) {
  const { left, width, top, bottom } = chip.getBoundingClientRect();
  const { offsetWidth, offsetHeight } = names;
  names.style.left = `${Math.max(GAP, Math.min(left + (width - offsetWidth) / 2, innerWidth - GAP - offsetWidth))}px`;
  names.style.top = `${top - GAP > offsetHeight ? top - GAP - offsetHeight : bottom + GAP}px`;
}

async function name(chip) {
  const answer = await ask(`${pathOf(chip.closest('article'))}/reactions?${new URLSearchParams({ emoji: chip.value })}`);
  const html = answer?.ok && await answer.text();
  if (over !== chip || !chip.isConnected || !html) return;
  shown()?.remove();
  document.querySelector('main').insertAdjacentHTML('beforeend', html);
  shown().showPopover();
  place(shown(), chip);
  chip.setAttribute('aria-describedby', 'reactors');
}

function pointTo(target) {
  const chip = target.closest('.reaction');
  if (chip === over || target.closest('#reactors')) return;
  close();
  over = chip;
  if (chip) timer = setTimeout(name, REST, chip);
}

document.addEventListener('pointerover', ({ target, pointerType }) => pointerType !== 'touch' && pointTo(target));
document.addEventListener('focusin', ({ target }) => target.matches('.reaction:focus-visible') && pointTo(target));
document.addEventListener('focusout', ({ target }) => target === over && close());
document.addEventListener('keydown', ({ key }) => key === 'Escape' && close());
log.addEventListener('scroll', () => over && close());
log.addEventListener('submit', (event) => {
  if (!event.target.matches('.reactions')) return;
  event.preventDefault();
  react(event.target.closest('article'), event.submitter.value, event.submitter.ariaPressed !== 'true');
});
document.addEventListener('plaza:added', ({ detail: articles }) => markAll(articles));
markAll([...log.querySelectorAll('article')]);
