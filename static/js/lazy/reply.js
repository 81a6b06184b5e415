// Chooses the message that the composer answers. On the page of a thread it answers one from the beginning.

import { textOf } from './excerpt.js';
import { pathOf } from './message.js';

const composer = document.getElementById('composer');
const line = document.getElementById('reply');
const words = document.getElementById('reply-words');
const { reply_to: answered } = composer ?? {};
const first = { seq: answered?.value, words: words?.innerHTML, ...words?.dataset };

function show({ author, excerpt, seq, version }) {
  answered.value = seq;
  words.querySelector('.quote-author').textContent = author;
  words.querySelector('.quote-text').textContent = excerpt;
  Object.assign(words.dataset, { quotes: seq, version });
  line.hidden = false;
}

function stop() {
  answered.value = first.seq;
  words.innerHTML = first.words;
  Object.assign(words.dataset, { quotes: first.quotes, version: first.version });
  line.hidden = !first.seq;
}

// The page of the message has a composer, where this page has none.
export function reply(article) {
  const { dataset: { seq, version, excerpt } } = article;
  const body = article.querySelector('.body');
  if (!composer) return location.assign(pathOf(article));
  show({ author: article.querySelector('.author').textContent, excerpt: excerpt ?? textOf(body), seq, version });
  composer.body.focus();
}

composer?.addEventListener('click', ({ target }) => {
  if (!target.closest('[data-does="no-reply"]')) return;
  stop();
  composer.body.focus();
});
composer?.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || answered.value === first.seq) return;
  event.preventDefault();
  event.stopPropagation(); // Escape would leave the field too
  stop();
});
document.addEventListener('plaza:submitted', stop);
