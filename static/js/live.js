// The live stream: puts each message at its place, once, and keeps the cursor.
//
// The server sends frames whose swap is "log version:57": messages, and the version that
// the page is at once it has them. "fresh:true" replaces all there is.

const log = document.getElementById('log');
let version = log ? Number(log.dataset.version) : 0;

const seqOf = (article) => Number(article.dataset.seq);
const settled = 'article:not(.pending)';

// Where the message was submitted from this page, its pending copy goes.
function dropPending(messages, article) {
  for (const copy of messages.querySelectorAll('article.pending')) {
    if (copy.dataset.nonce !== article.dataset.nonce || copy.dataset.author !== article.dataset.author) continue;
    copy.remove();
    document.dispatchEvent(new CustomEvent('plaza:confirmed', { detail: copy }));
  }
}

// New messages mostly belong at the end, so the place is looked for from there.
function insert(messages, article) {
  let before = [...messages.children].findLast((child) => child.matches(settled));
  while (before && seqOf(before) > seqOf(article)) {
    before = before.previousElementSibling;
    while (before && !before.matches(settled)) before = before.previousElementSibling;
  }
  if (before) return before.after(article);
  // Before all that is shown: part of an older page, which comes when it is asked for.
  if (messages.querySelector('.older')) return;
  const first = messages.querySelector('article');
  if (first) first.before(article);
  else messages.append(article);
}

function showAfresh(messages, fragment) {
  for (const child of [...messages.children]) {
    if (!child.matches('.empty, .pending')) child.remove();
  }
  const pending = messages.querySelector('.pending');
  for (const article of fragment.querySelectorAll('article')) dropPending(messages, article);
  if (pending?.isConnected) pending.before(...fragment.childNodes);
  else messages.append(...fragment.childNodes);
}

htmx.registerExtension('plaza-log', {
  handle_swap(style, messages, fragment, spec) {
    if (style !== 'log') return false;
    const articles = [...fragment.children];
    if (spec.fresh) {
      showAfresh(messages, fragment);
    } else {
      for (const article of articles) {
        const shown = document.getElementById(article.id);
        dropPending(messages, article);
        if (shown) shown.replaceWith(article);
        else insert(messages, article);
      }
    }
    version = Number(spec.version);
    log.dataset.version = version;
    return articles.filter((article) => article.isConnected);
  },
});

// Whoever comes back goes on from what they have seen.
document.addEventListener('htmx:ws:before:connection', ({ detail: { connection } }) => {
  if (!log) return;
  const url = new URL(connection.url);
  url.searchParams.set('after', version);
  connection.url = url.href;
});

// A page that the browser kept while it was left has no stream any more.
window.addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});
