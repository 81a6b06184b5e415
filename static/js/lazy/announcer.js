// Has screen readers say new messages. Those that arrive shortly after each other are said together.

import { textOf } from './excerpt.js';

const PAUSE = 500; // ms without a new message, after which the page says what arrived
const LONGEST = 2000; // ms that the first one waits
const MOST = 3; // that are said one by one
const LENGTH = 140; // characters of a message

const announcer = document.getElementById('announcer');
let waiting = [];
let since;
let timer;

function excerpt(body) {
  const text = [...textOf(body)];
  return text.length > LENGTH ? `${text.slice(0, LENGTH).join('')}…` : text.join('');
}

// The viewer's stylesheet hides the author of a message that the viewer has blocked.
function words(article) {
  const author = article.querySelector('.author');
  if (!author?.checkVisibility()) return '';
  const said = excerpt(article.querySelector('.body'));
  if (article.matches('.event')) return said;
  const answered = article.querySelector('.quote-author');
  return `${author.textContent}${answered ? `, in reply to ${answered.textContent}` : ''}: ${said}`;
}

function say() {
  const all = document.hidden ? [] : waiting.filter(({ isConnected }) => isConnected).map(words).filter(Boolean);
  waiting = [];
  const said = all.length > MOST ? [`${all.length} new messages, the last from ${all.at(-1)}`] : all;
  if (said.length) announcer.replaceChildren(...said.map((text) => Object.assign(document.createElement('p'), { textContent: text })));
}

export function announce(articles) {
  if (document.hidden) return;
  if (!waiting.length) since = performance.now();
  waiting.push(...articles);
  clearTimeout(timer);
  timer = setTimeout(say, Math.max(0, Math.min(PAUSE, since + LONGEST - performance.now())));
}
