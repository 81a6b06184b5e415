// Keeps what is being read at its place when the messages below it grow, in browsers without scroll anchoring.

const log = document.getElementById('log');
const messages = document.getElementById('messages');

if (log && messages && !CSS.supports('overflow-anchor', 'auto')) {
  let read; // the id of the first message in view
  let place;
  let ours; // the position to which this script has scrolled the log

  const top = (element) => element.getBoundingClientRect().top - log.getBoundingClientRect().top;

  function look() {
    ours = undefined;
    const inView = [...messages.querySelectorAll('article[id]')].find((article) => top(article) + article.offsetHeight > 0);
    read = inView?.id;
    place = inView && top(inView);
  }

  // Observers of sizes run after the layout and before the page is painted, whatever has changed.
  new ResizeObserver(() => {
    const article = document.getElementById(read);
    // At its end the log stays there by itself.
    if (article && log.scrollTop < 0) {
      log.scrollTop += top(article) - place;
      ours = log.scrollTop;
    } else look();
  }).observe(messages);
  new ResizeObserver(look).observe(log);
  // Browsers round a position. To look again after this script has scrolled would add the errors up.
  log.addEventListener('scroll', () => log.scrollTop === ours || look());
}
