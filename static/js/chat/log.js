// Counts the messages that came while the reader was further up, separates days by the reader's time zone,
// and keeps a long page short, at both ends.

const log = document.getElementById('log');
const messages = document.getElementById('messages');

if (log && messages) {
  const pill = document.getElementById('new-messages');
  const NEAR = 72; // px, about a message with its author: this close to the end counts as being there
  const MOST = 200; // messages that stay on the page
  let ended;
  let unseen = 0;
  let newest = Number(log.dataset.version); // seq
  let leftAt; // the seq of the first unseen

  const leftOff = Object.assign(document.createElement('p'), { className: 'left-off', textContent: 'New' });
  const markRead = Object.assign(document.createElement('button'), { type: 'button', textContent: 'Mark as read' });
  markRead.dataset.markRead = '';
  leftOff.append(markRead);

  const isWatching = () => ended && !document.hidden;
  const isBehind = () => document.getElementById('newer') !== null; // the page does not have the newest messages

  function showUnseen() {
    document.dispatchEvent(new CustomEvent('plaza:unseen', { detail: unseen }));
    pill.hidden = ended || (unseen === 0 && !isBehind());
    pill.textContent = isBehind() ? `Jump to the newest${unseen ? ` · ${unseen} new` : ''}` : `${unseen} new message${unseen === 1 ? '' : 's'}`;
  }

  // Runs before the page changes: to ask for positions afterwards would cost a layout.
  function look() {
    // The log is a reversed column: its end is at 0, and positions above it are negative.
    ended = log.scrollTop > -NEAR && !isBehind();
    if (isWatching()) unseen = 0;
    showUnseen();
  }

  function toEnd() {
    log.scrollTop = 0;
    look();
  }

  const longDay = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
  const timeOf = (article) => new Date(article.querySelector('time').dateTime);

  function beside(article, way) {
    do article = article[way]; while (article && article.localName !== 'article');
    return article;
  }

  function markDay(article) {
    const previous = beside(article, 'previousElementSibling');
    const day = longDay.format(timeOf(article));
    if (previous && longDay.format(timeOf(previous)) === day) delete article.dataset.dayStart;
    else article.dataset.dayStart = day;
    previous?.classList.toggle('continued', article.matches('.continues:not([data-day-start], .left-off + *, .deleted + *)'));
  }

  function markDays(articles) {
    articles.forEach(markDay);
    const next = beside(articles.at(-1), 'nextElementSibling');
    if (next) markDay(next);
  }

  // The link at an end of the page, "older" or "newer", brings back what is removed there.
  function drop(end) {
    const all = [...messages.querySelectorAll('article:not(.pending)')];
    const [last, inwards] = end === 'older' ? [all.at(-MOST), 'nextElementSibling'] : [all[MOST - 1], 'previousElementSibling'];
    const link = document.getElementById(end) ?? document.getElementById(`${end}-link`)?.content.firstElementChild.cloneNode(true);
    if (all.length <= MOST || !link || link.matches('.htmx-request')) return; // a thread has no link to newer messages
    if (!link.isConnected) {
      (end === 'older' ? messages.firstElementChild : all.at(-1)).after(link);
      htmx.process(link);
    }
    let outermost;
    while ((outermost = link[inwards]) !== last && !outermost.contains(document.activeElement)) outermost.remove();
    for (const name of ['href', 'data-hx-get']) link.setAttribute(name, link.getAttribute(name).replace(/\d+$/, outermost.dataset.seq));
    markDay(outermost);
  }

  function showNew(articles) {
    const others = articles.filter(({ dataset: { author } }) => author !== log.dataset.viewer);
    others.forEach(({ classList }) => classList.add('arrived'));
    if (others.length && !isWatching()) {
      if (unseen === 0 && !log.dataset.kept) leftAt = others[0].dataset.seq;
      unseen += others.length;
      showUnseen();
    }
    if (others.length) document.dispatchEvent(new CustomEvent('plaza:new', { detail: others }));
    newest = Math.max(...articles.map(({ dataset: { seq } }) => seq));
    if (ended) drop('older');
  }

  // The first message below the line shows its author.
  function markLeftOff(first) {
    if (!first) return;
    const before = leftOff.isConnected && beside(leftOff, 'nextElementSibling');
    first.before(leftOff);
    markDay(first);
    if (before) markDay(before);
  }

  // The button goes with its line, so the log takes the focus.
  function forgetLeftOff() {
    const first = leftOff.isConnected && beside(leftOff, 'nextElementSibling');
    leftOff.remove();
    if (first) markDay(first);
    document.querySelector('.left-above')?.remove();
    unseen = leftAt = 0;
    delete log.dataset.kept;
    showUnseen();
    log.focus({ preventScroll: true });
  }

  function added(articles) {
    markDays(articles);
    newest = Math.min(newest, log.dataset.version); // which is less if the site has lost messages
    const newer = articles.filter(({ dataset: { seq } }) => seq > newest);
    if (newer.length) showNew(newer);
    markLeftOff(articles.find(({ dataset: { seq } }) => seq === leftAt));
    document.dispatchEvent(new CustomEvent('plaza:added', { detail: articles }));
  }

  // The link that is about to be replaced, "older" or "newer", and the edge of the message next to it, which must not move:
  // a log that changes at its end moves what is read.
  let loading = {};

  function willLoad({ target }) {
    if (!/^(old|new)er$/.test(target.id)) return;
    const [way, side] = target.id === 'older' ? ['nextElementSibling', 'bottom'] : ['previousElementSibling', 'top'];
    const next = beside(target, way);
    const edge = () => next.getBoundingClientRect()[side];
    loading = { end: target.id, edge, at: edge() };
  }

  // The link may have the focus when it is replaced. Its successor is far beyond what the page shows, so the message
  // next to it takes the focus.
  let askedByKey;
  log.addEventListener('focusin', ({ target }) => { askedByKey = target.id; });

  function goOnFrom(article) {
    article.tabIndex = -1;
    article.focus({ preventScroll: true });
  }

  function loaded(articles, { end, edge, at }) {
    const { activeElement } = document;
    loading = {};
    if (askedByKey === end && (activeElement.id === end || !messages.contains(activeElement))) {
      goOnFrom(end === 'newer' ? articles[0] : beside(articles.at(-1), 'nextElementSibling'));
    }
    if (end === 'newer') drop('older');
    else if (!ended) drop('newer');
    const moved = edge() - at;
    if (Math.abs(moved) >= 1) log.scrollTop += moved;
    look();
  }

  new MutationObserver((changes) => {
    const articles = changes.flatMap((change) => [...change.addedNodes]).filter((node) => node.localName === 'article' && node.isConnected);
    if (!articles.length) return;
    added(articles);
    if (loading.end) loaded(articles, loading);
  }).observe(messages, { childList: true });

  document.addEventListener('plaza:beyond', ({ detail: articles }) => {
    const newer = articles.filter(({ dataset: { seq } }) => seq > newest);
    if (newer.length) showNew(newer);
  });

  // What the viewer writes is shown by the page of the newest messages.
  let isLeaving = false;
  function leave() {
    if (isLeaving) location.assign(pill.href);
  }

  document.addEventListener('click', ({ target }) => target.closest('[data-mark-read]') && forgetLeftOff());
  log.addEventListener('scroll', look);
  document.addEventListener('htmx:before:swap', look);
  document.addEventListener('htmx:before:swap', willLoad);
  document.addEventListener('visibilitychange', look);
  // Messages that the viewer wants to keep unread stay so until the viewer writes or leaves the page.
  document.addEventListener('plaza:unread', ({ detail: article }) => {
    log.dataset.kept = true;
    leftAt = article.dataset.seq;
    markLeftOff(article);
  });
  document.addEventListener('plaza:submitted', () => {
    delete log.dataset.kept;
    isLeaving = isBehind();
    toEnd();
  });
  document.addEventListener('plaza:posted', leave);
  document.addEventListener('plaza:confirmed', leave);
  pill.addEventListener('click', (event) => {
    if (isBehind()) return;
    event.preventDefault();
    toEnd();
    document.getElementById('message')?.focus();
  });

  leftAt = log.dataset.left; // in rooms that know where the reader left off
  const there = [...messages.querySelectorAll('article')];
  if (there.length) added(there);
  // A browser may skip autofocus while it has only a part of the page.
  messages.querySelector('.marked:not(:target)')?.focus();
}
