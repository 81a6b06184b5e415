// The log as one reads it: it stays at the newest message or where one reads, says what
// came meanwhile, and shows where days begin in the reader's own time zone.

const log = document.getElementById('log');
const messages = document.getElementById('messages');

if (log && messages) {
  const pill = document.getElementById('new-messages');
  const NEAR = 48; // px from the newest message that still count as being there
  let unseen = 0;
  let newest; // the highest seq that was shown

  const leftOff = document.createElement('p');
  leftOff.className = 'left-off';
  leftOff.textContent = 'New';

  // The log is a reversed column: 0 is its end, and what is above is negative.
  const atEnd = () => log.scrollTop > -NEAR;
  const isWatching = () => atEnd() && document.visibilityState === 'visible';

  function showUnseen() {
    pill.hidden = unseen === 0 || atEnd();
    pill.textContent = unseen === 1 ? '1 new message' : `${unseen} new messages`;
  }

  function toEnd() {
    log.scrollTop = 0;
    unseen = 0;
    showUnseen();
  }

  const longDay = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
  const dayOf = (article) => new Date(article.querySelector('time').dateTime).toDateString();

  function previousArticle(article) {
    let previous = article.previousElementSibling;
    while (previous && previous.localName !== 'article') previous = previous.previousElementSibling;
    return previous;
  }

  function markDay(article) {
    const previous = previousArticle(article);
    if (previous && dayOf(previous) === dayOf(article)) delete article.dataset.dayStart;
    else article.dataset.dayStart = longDay.format(new Date(article.querySelector('time').dateTime));
    previous?.classList.toggle('continued', article.matches('.continues:not([data-day-start])'));
  }

  function markDays(articles) {
    articles.forEach(markDay);
    let next = articles.at(-1).nextElementSibling;
    while (next && next.localName !== 'article') next = next.nextElementSibling;
    if (next) markDay(next);
  }

  function countUnseen(articles) {
    const others = articles.filter(({ dataset: { seq, author } }) => seq > newest && author !== log.dataset.viewer);
    if (others.length && !isWatching()) {
      if (unseen === 0) others[0].before(leftOff);
      unseen += others.length;
    }
    showUnseen();
  }

  function added(articles) {
    markDays(articles);
    if (newest !== undefined) countUnseen(articles);
    newest = Math.max(newest ?? 0, ...articles.map((article) => article.dataset.seq));
    document.dispatchEvent(new CustomEvent('plaza:added', { detail: articles }));
  }

  // Where the link to older messages had the focus and there are no more, the log has it.
  let askedByKey = false;
  log.addEventListener('focusin', ({ target }) => { askedByKey = target.id === 'older'; });

  // Browsers without scroll anchoring would move what is being read.
  let height = messages.offsetHeight;
  function keepPlace() {
    const grown = messages.offsetHeight - height;
    height += grown;
    if (grown && !atEnd() && !CSS.supports('overflow-anchor', 'auto')) log.scrollTop -= grown;
  }

  new MutationObserver((changes) => {
    const articles = changes.flatMap((change) => [...change.addedNodes]).filter((node) => node.localName === 'article' && node.isConnected);
    if (!articles.length) return;
    if (askedByKey && !messages.contains(document.activeElement)) log.focus({ preventScroll: true });
    keepPlace();
    added(articles);
  }).observe(messages, { childList: true });

  log.addEventListener('scroll', () => {
    if (isWatching()) unseen = 0;
    showUnseen();
  }, { passive: true });
  document.addEventListener('visibilitychange', () => {
    if (isWatching()) unseen = 0;
  });
  document.addEventListener('plaza:submitted', toEnd);
  pill.addEventListener('click', () => {
    toEnd();
    document.getElementById('message')?.focus();
  });

  const there = [...messages.querySelectorAll('article')];
  if (there.length) added(there);
  newest ??= 0;
}
