// Keeps replies true: each says how the message that it quotes begins now, and the message that began a thread says how
// many there are.

const log = document.getElementById('log');

// A changed message has its excerpt, or is deleted.
function changeQuotes({ dataset: { seq, version, excerpt } }) {
  for (const quote of document.querySelectorAll(`[data-quotes="${seq}"]`)) {
    if (Number(quote.dataset.version) >= Number(version)) continue;
    quote.dataset.version = version;
    quote.querySelector('.quote-text').textContent = excerpt ?? 'Message deleted';
  }
}

function countReplies({ dataset: { thread, replies } }) {
  const first = document.getElementById(`m-${log.dataset.room}-${thread}`);
  let link = first?.querySelector(':scope > .replies');
  if (!first || replies === '0') return link?.remove();
  if (!link) {
    link = Object.assign(document.createElement('a'), { className: 'replies', href: `/messages/${log.dataset.room}/${thread}` });
    first.append(link);
  }
  link.textContent = `${replies} ${replies === '1' ? 'reply' : 'replies'}`;
}

function look({ detail: articles }) {
  for (const article of articles) {
    if (article.dataset.version !== article.dataset.seq) changeQuotes(article);
    if (article.dataset.thread) countReplies(article);
  }
}

document.addEventListener('plaza:added', look);
document.addEventListener('plaza:beyond', look); // the page does not have them

// A quote leads to the message on this page, if it is here.
log?.addEventListener('click', (event) => {
  const { quotes } = event.target.closest('.quote')?.dataset ?? {};
  const id = `m-${log.dataset.room}-${quotes}`;
  if (!quotes || event.ctrlKey || event.metaKey || !document.getElementById(id)) return;
  event.preventDefault();
  location.hash = id;
});
