// Says in calm words when something happened: "just now", "14:05", "yesterday 14:05", then the date. Lists say "4m".
// The title and screen readers say "4 minutes ago".

const formatOf = (parts) => new Intl.DateTimeFormat('en-GB', parts);
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const exact = formatOf({ dateStyle: 'full', timeStyle: 'short' });
const clock = formatOf({ timeStyle: 'short' });
const dayOfThisYear = formatOf({ day: 'numeric', month: 'short' });
const dayOfAYear = formatOf({ day: 'numeric', month: 'short', year: 'numeric' });
const MINUTE = 60_000; // ms
const DAY = 86_400_000; // ms
const NEW = 'just now';

const midnightOf = (time) => new Date(time).setHours(0, 0, 0, 0);
const yearOf = (time) => new Date(time).getFullYear();

// Days are those of the reader's calendar. The hours of last night are hours.
function wordsFor(then) {
  const now = serverTime();
  const minutes = Math.floor((now - then) / MINUTE);
  if (minutes < 1) return { calm: NEW, short: NEW, ago: NEW };
  const days = Math.round((midnightOf(now) - midnightOf(then)) / DAY);
  const time = clock.format(then);
  const day = (yearOf(then) === yearOf(now) ? dayOfThisYear : dayOfAYear).format(then);
  const calm = ['', 'yesterday '][days] ?? `${day} `;
  if (days > 6) return { calm: calm + time, short: day };
  const [count, unit] = minutes < 60 ? [minutes, 'minute'] : days < 1 || minutes < 720 ? [Math.floor(minutes / 60), 'hour'] : [days, 'day'];
  return { calm: calm + time, short: count + unit[0], ago: relative.format(-count, unit) };
}

function set(node, property, value) {
  if (node[property] !== value) node[property] = value;
}

// Changes only the data of the text: screen readers announce new nodes.
function write(node, text) {
  if (node.firstChild) set(node.firstChild, 'data', text);
  else node.append(text);
}

// Screen readers hear the words in place of the text.
function hear(time, shown, heard) {
  if (!time.children.length) {
    time.replaceChildren(document.createElement('span'), document.createElement('span'));
    time.firstChild.ariaHidden = 'true';
    time.lastChild.className = 'hidden-visually';
  }
  write(time.firstChild, shown);
  write(time.lastChild, heard);
}

function update(time) {
  const then = new Date(time.dateTime);
  const { calm, short, ago } = wordsFor(then);
  const shown = 'short' in time.dataset ? short : calm;
  const link = time.closest('.when');
  set(time, 'title', (ago ? `${ago} · ` : '') + exact.format(then));
  // In the log only attributes have the words that change by the minute. Screen readers announce no attributes.
  if (link?.href) set(link, 'ariaLabel', !ago || calm.startsWith(ago) ? calm : `${calm}, ${ago}`);
  if (time.children.length || (!link && ago && ago !== shown)) hear(time, shown, ago ?? shown);
  else write(time, shown);
}

function updateAll(root) {
  root.querySelectorAll('time[datetime]:not([data-fixed])').forEach(update);
}

updateAll(document);
document.addEventListener('plaza:added', ({ detail: articles }) => articles.forEach(updateAll));
// Lists that reload themselves come with exact times.
document.addEventListener('htmx:after:swap', () => document.querySelectorAll('#conversations, #friends, #notifications').forEach(updateAll));
document.addEventListener('visibilitychange', () => document.hidden || updateAll(document));
setInterval(() => document.hidden || updateAll(document), MINUTE);
