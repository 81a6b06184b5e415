// Keeps relative times current: "5 minutes ago", with the exact time as the title.

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'short' });
const date = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' });
const EVERY = 10_000; // ms
const DAY = 86_400; // s

const midnightOf = (time) => new Date(time).setHours(0, 0, 0, 0);

// Days are those of the reader's calendar. The hours of last night are hours.
function words(then) {
  const now = serverTime();
  const seconds = (now - then) / 1000;
  const days = Math.round((midnightOf(now) - midnightOf(then)) / 1000 / DAY);
  if (seconds < 10) return 'just now';
  if (seconds < 60) return relative.format(-Math.floor(seconds), 'second');
  if (seconds < 3600) return relative.format(-Math.floor(seconds / 60), 'minute');
  if (seconds < DAY / 2 || days < 1) return relative.format(-Math.floor(seconds / 3600), 'hour');
  if (days < 7) return relative.format(-days, 'day');
  return date.format(then);
}

// Changes only the text, and only if it differs: screen readers announce new elements.
function update(time) {
  const then = new Date(time.dateTime);
  const text = words(then);
  if (!time.firstChild) time.append(text);
  if (time.firstChild.data !== text) time.firstChild.data = text;
  time.title ||= exact.format(then);
}

function updateAll(root) {
  root.querySelectorAll('time[datetime]:not([data-fixed])').forEach(update);
}

updateAll(document);
document.addEventListener('plaza:added', ({ detail: articles }) => articles.forEach(updateAll));
// Lists that reload themselves come with exact times.
document.addEventListener('htmx:after:swap', () => document.querySelectorAll('#conversations, #friends, #notifications').forEach(updateAll));
document.addEventListener('visibilitychange', () => document.hidden || updateAll(document));
setInterval(() => document.hidden || updateAll(document), EVERY);
