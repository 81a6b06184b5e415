// Keeps relative times current: "5 minutes ago", with the exact time as the title.

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'short' });
const date = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' });
const EVERY = 10_000; // ms
const steps = [[60, 'second', 1], [3600, 'minute', 60], [86_400, 'hour', 3600], [7 * 86_400, 'day', 86_400]];

function words(then) {
  const seconds = (Date.now() - then) / 1000;
  if (seconds < 10) return 'just now';
  for (const [limit, unit, length] of steps) {
    if (seconds < limit) return relative.format(-Math.floor(seconds / length), unit);
  }
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
document.addEventListener('htmx:after:swap', () => document.querySelectorAll('#conversations, #notifications').forEach(updateAll));
document.addEventListener('visibilitychange', () => document.hidden || updateAll(document));
setInterval(() => document.hidden || updateAll(document), EVERY);
