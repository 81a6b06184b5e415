// Tells the site how far the viewer has read. In the public chat many people read each message, so a page there
// tells rarely, unless a message mentions the viewer.

const log = document.getElementById('log');

if (log?.dataset.viewer && !log.dataset.thread) {
  const NEAR = 48; // px: this close to the end counts as being there
  const RARELY = 60_000; // ms, and up to twice as long, so that pages do not tell together
  const ALL = 'article:not(.pending)';
  const isPublic = !('state' in log.dataset);
  const atOnce = isPublic ? `article[data-mentions~="${CSS.escape(log.dataset.viewer)}"]` : ALL;
  let told = Number(log.dataset.read); // seq
  let seen = told;
  let later;
  let telling = false;

  const lastSeq = (selector) => Number([...log.querySelectorAll(selector)].at(-1)?.dataset.seq ?? 0);
  const report = () => [`/rooms/${log.dataset.room}/read`, new URLSearchParams({ seq: seen })];

  async function tell() {
    later = clearTimeout(later);
    if (telling || seen <= told) return;
    const [path, body] = report();
    telling = true;
    const { ok } = await fetch(path, { method: 'POST', body }).catch(() => ({}));
    telling = false;
    if (!ok) return; // tried again with the next message or connection
    told = Number(body.get('seq'));
    look();
  }

  function look() {
    told = Math.min(told, log.dataset.version); // which is less if the site has lost messages
    if (log.dataset.kept || document.hidden || log.scrollTop < -NEAR || document.getElementById('newer')) return;
    seen = lastSeq(ALL);
    if (lastSeq(atOnce) > told) tell();
    else if (seen > told) later ??= setTimeout(tell, RARELY * (1 + Math.random()));
  }

  // The next page may be made before the site knows, so this browser keeps it too.
  function leave() {
    if (!isPublic || seen <= told) return;
    kept.write('public', `${seen} ${Date.now()}`);
    navigator.sendBeacon(...report());
    told = seen;
  }

  log.addEventListener('scroll', look);
  document.addEventListener('plaza:added', look);
  document.addEventListener('htmx:ws:after:connection', look);
  document.addEventListener('visibilitychange', () => (document.hidden ? leave() : look()));
  window.addEventListener('pagehide', leave);
  document.addEventListener('click', ({ target }) => {
    if (!target.closest('[data-mark-read]')) return;
    seen = Number(log.dataset.version);
    tell();
  });
  document.addEventListener('plaza:unread', ({ detail: { dataset: { seq } } }) => {
    later = clearTimeout(later);
    told = seen = seq - 1;
    kept.write('public', '');
  });
  look();
}
