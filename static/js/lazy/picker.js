// Chooses an emoji to react with: by category, by name, in a skin tone. From the field, Down leads to the emoji and Enter
// takes the first.

import data from '../../vendor/emojibase/emoji.js';
import { anchor } from './message.js';
import { react, used } from './reactions.js';

const GROUPS = [
  ['used', '🕘', 'Often used'], ['0', '😀', 'Smileys'], ['1', '👋', 'People'], ['3', '🐻', 'Animals and nature'], ['4', '🍔', 'Food and drink'],
  ['5', '🚗', 'Travel and places'], ['6', '⚽', 'Activities'], ['7', '💡', 'Objects'], ['8', '❤️', 'Symbols'], ['9', '🏁', 'Flags'],
];
const TONES = ['', '🏻', '🏼', '🏽', '🏾', '🏿'];
const MOST = 120; // that a search finds
const all = data.split('\n').map((line) => line.split('\t')).map(([group, emoji, label, tags, toned]) => ({ group, emoji, label, tags, toned, words: `${label} ${tags}`.toLowerCase().split(/[^\p{L}\p{N}]+/u) }));
const byEmoji = new Map(all.map((entry) => [entry.emoji, entry]));
const hasTouchScreen = matchMedia('(pointer: coarse)');
let message; // to react to

function make(name, properties, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

const search = make('input', { type: 'search', ariaLabel: 'Search emoji', placeholder: 'Search emoji', autocomplete: 'off', enterKeyHint: 'done' });
const tone = make('select', { ariaLabel: 'Skin tone' }, ...TONES.map((value) => make('option', { value, textContent: `✋${value}` })));
const tabs = make('div', { className: 'picker-groups', role: 'toolbar', ariaLabel: 'Categories' }, ...GROUPS.map(([group, textContent, label]) => make('button', { type: 'button', className: 'quiet', value: group, textContent, ariaLabel: label, title: label })));
const grid = make('div', { className: 'picker-emoji', role: 'group' });
const status = make('p', { className: 'hidden-visually', role: 'status' });
const picker = make('div', { id: 'picker', className: 'panel picker', popover: 'auto', role: 'dialog', ariaLabel: 'React', tabIndex: -1 }, make('div', { className: 'picker-head' }, search, tone), tabs, grid, status);

// Each person in an emoji gets the skin tone, and not the handshake between two.
const tinted = ({ emoji, toned }) => (toned && tone.value ? emoji.replace(/((?!🤝\u200D)\p{Emoji_Modifier_Base})\uFE0F?/gu, `$1${tone.value}`) : emoji);

function show(entries, label) {
  grid.ariaLabel = label;
  grid.replaceChildren(...entries.map(({ emoji, label: name }, i) => make('button', { type: 'button', className: 'quiet', value: emoji, textContent: emoji, ariaLabel: name, title: name, tabIndex: i ? -1 : 0 })));
  grid.scrollTop = 0;
}

const inTone = (entries) => entries.map((entry) => ({ ...entry, emoji: tinted(entry) }));
const oftenUsed = () => used().map(([emoji]) => ({ label: emoji, ...byEmoji.get(emoji), emoji }));

function showGroup(group) {
  const [, , label] = GROUPS.find(([name]) => name === group);
  for (const tab of tabs.children) {
    tab.ariaPressed = String(tab.value === group);
    tab.tabIndex = tab.value === group ? 0 : -1;
  }
  show(group === 'used' ? oftenUsed() : inTone(all.filter((entry) => entry.group === group)), label);
}

function find(query) {
  const terms = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = all.filter(({ words }) => terms.every((term) => words.some((word) => word.startsWith(term))));
  const rank = ({ label }) => (label.startsWith(terms[0]) ? 0 : Number(!label.includes(terms[0])) + 1);
  return found.sort((a, b) => rank(a) - rank(b)).slice(0, MOST);
}

function refresh() {
  const query = search.value.trim();
  if (!query) return showGroup(tabs.querySelector('[aria-pressed="true"]')?.value ?? (used().length ? 'used' : '0'));
  const found = find(query);
  show(inTone(found), 'Found emoji');
  status.textContent = found.length ? `${found.length} emoji` : 'No emoji has this name.';
}

function choose(emoji) {
  picker.hidePopover();
  react(message, emoji, true);
}

// step returns the emoji where a key leads from another one.
function step(cell, key) {
  const cells = [...grid.children];
  const at = cells.indexOf(cell);
  const below = cells.findIndex(({ offsetTop }) => offsetTop > cells[0].offsetTop);
  const row = below < 0 ? cells.length : below;
  const ahead = getComputedStyle(grid).direction === 'rtl' ? -1 : 1;
  const ways = { ArrowRight: at + ahead, ArrowLeft: at - ahead, ArrowDown: Math.min(at + row, cells.length - 1), ArrowUp: at - row, Home: 0, End: cells.length - 1 };
  return key === 'ArrowUp' && at < row ? search : cells[ways[key]];
}

function move(from, to) {
  from.tabIndex = -1;
  to.tabIndex = 0;
  to.focus();
}

picker.addEventListener('keydown', (event) => {
  const { target, key } = event;
  const first = grid.firstElementChild;
  if (key === 'Escape') picker.hidePopover();
  else if (target === search && key === 'ArrowDown' && first) first.focus();
  else if (target === search && key === 'Enter' && first) choose(first.value);
  else if (target.parentElement === grid && /^(Arrow|Home$|End$)/.test(key)) {
    const to = step(target, key);
    if (to === search) search.focus();
    else if (to) move(target, to);
  } else if (target.parentElement === tabs && (key === 'ArrowRight' || key === 'ArrowLeft')) {
    const isForward = (key === 'ArrowRight') === (getComputedStyle(tabs).direction === 'ltr');
    const to = isForward ? target.nextElementSibling : target.previousElementSibling;
    if (to) move(target, to);
  } else return;
  event.preventDefault();
});
picker.addEventListener('click', ({ target }) => {
  if (target.parentElement === grid) choose(target.value);
  if (target.parentElement !== tabs) return;
  search.value = '';
  showGroup(target.value);
});
search.addEventListener('input', refresh);
tone.addEventListener('change', () => {
  kept.write('skin', tone.value, true);
  refresh();
});

// open shows the picker beside the button of a message. The focus returns to where it was.
export function open(article) {
  message = article;
  if (!picker.isConnected) document.querySelector('main').append(picker);
  search.value = '';
  tone.value = kept.read('skin') ?? '';
  for (const tab of tabs.children) tab.ariaPressed = null;
  refresh();
  picker.dataset.message = article.id;
  picker.showPopover({ source: anchor(article) });
  (hasTouchScreen.matches ? picker : search).focus();
}
