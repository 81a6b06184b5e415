// Counts the messages that came while the reader was further up, separates days by the reader's time zone,
// and keeps a long page short.

const log = document.getElementById('log');
const messages = document.getElementById('messages');

if (log && messages) {
  const pill = document.getElementById('new-messages');
  const NEAR = 72; // px, about a message with its author: this close to the end counts as being there
  const MOST = 200; // messages that stay on the page while the reader is at its end
  let ended;
  let unseen = 0;
  let newest = Number(log.dataset.version); // seq
  let leftAt; // the seq of the first unseen

  const leftOff = Object.assign(document.createElement('p'), { className: 'left-off', textContent: 'New' });
  const markRead = Object.assign(document.createElement('button'), { type: 'button', textContent: 'Mark as read' });
  markRead.dataset.markRead = '';
  leftOff.append(markRead);

  const isWatching = () => ended && !document.hidden;

  function showUnseen() {
    document.dispatchEvent(new CustomEvent('plaza:unseen', { detail: unseen }));
    pill.hidden = unseen === 0 || ended;
    pill.textContent = `${unseen} new message${unseen === 1 ? '' : 's'}`;
  }

  // Runs before the page changes: to ask for positions afterwards would cost a layout.
  function look() {
    // The log is a reversed column: its end is at 0, and positions above it are negative.
    ended = log.scrollTop > -NEAR;
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

  // The link to older messages brings back what is removed here.
  function dropOldest() {
    const first = [...messages.querySelectorAll('article:not(.pending)')].at(-MOST);
    const older = messages.querySelector('.older') ?? document.getElementById('older-link').content.firstElementChild.cloneNode(true);
    if (!first || !beside(first, 'previousElementSibling') || older.matches('.htmx-request')) return;
    if (!older.isConnected) {
      messages.firstElementChild.after(older);
      htmx.process(older);
    }
    let oldest;
    while ((oldest = older.nextElementSibling) !== first && !oldest.contains(document.activeElement)) oldest.remove();
    older.setAttribute('href', older.getAttribute('href').replace(/before=.*/, `before=${oldest.dataset.seq}`));
    older.setAttribute('data-hx-get', older.getAttribute('data-hx-get').replace(/before=.*/, `before=${oldest.dataset.seq}`));
    markDay(oldest);
  }

  function showNew(articles) {
    const others = articles.filter(({ dataset: { author } }) => author !== log.dataset.viewer);
    others.forEach(({ classList }) => classList.add('arrived'));
    if (others.length && !isWatching()) {
      if (unseen === 0) leftAt = others[0].dataset.seq;
      unseen += others.length;
      showUnseen();
    }
    if (others.length) document.dispatchEvent(new CustomEvent('plaza:new', { detail: others }));
    newest = Math.max(...articles.map(({ dataset: { seq } }) => seq));
    if (ended) dropOldest();
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

  // The link to older messages may have the focus when it is replaced. Its successor is far above what the page shows,
  // so the message that was the oldest takes the focus.
  let askedByKey = false;
  log.addEventListener('focusin', ({ target }) => { askedByKey = target.id === 'older'; });

  function goOnFrom(article) {
    article.tabIndex = -1;
    article.focus({ preventScroll: true });
  }

  new MutationObserver((changes) => {
    const articles = changes.flatMap((change) => [...change.addedNodes]).filter((node) => node.localName === 'article' && node.isConnected);
    if (!articles.length) return;
    const { activeElement } = document;
    if (askedByKey && articles.at(-1).dataset.seq < newest && (activeElement.id === 'older' || !messages.contains(activeElement))) {
      goOnFrom(beside(articles.at(-1), 'nextElementSibling'));
    }
    added(articles);
  }).observe(messages, { childList: true });

  document.addEventListener('click', ({ target }) => target.closest('[data-mark-read]') && forgetLeftOff());
  log.addEventListener('scroll', look);
  document.addEventListener('htmx:before:swap', look);
  document.addEventListener('visibilitychange', look);
  document.addEventListener('plaza:submitted', toEnd);
  pill.addEventListener('click', () => {
    toEnd();
    document.getElementById('message')?.focus();
  });

  leftAt = log.dataset.left; // in rooms that know where the reader left off
  const there = [...messages.querySelectorAll('article')];
  if (there.length) added(there);
}
