// Tells the site how far the viewer has read. In the public chat only messages that mention the viewer count.

const log = document.getElementById('log');

if (log?.dataset.viewer) {
  const NEAR = 48; // px: this close to the end counts as being there
  const isPrivate = 'read' in log.dataset;
  const counted = isPrivate ? 'article:not(.pending)' : `article[data-mentions~="${CSS.escape(log.dataset.viewer)}"]`;
  let read = Number(log.dataset.read ?? 0); // seq
  let telling = false;

  async function tell() {
    const seq = Number([...log.querySelectorAll(counted)].at(-1)?.dataset.seq ?? 0);
    read = Math.min(read, log.dataset.version); // which is less if the site has lost messages
    if (telling || document.hidden || log.scrollTop < -NEAR || seq <= read) return;
    telling = true;
    const { ok } = await fetch(`/rooms/${log.dataset.room}/read`, { method: 'POST', body: new URLSearchParams({ seq }) }).catch(() => ({}));
    telling = false;
    if (!ok) return; // tried again with the next message or connection
    read = seq;
    tell();
  }

  log.addEventListener('scroll', tell);
  document.addEventListener('plaza:added', tell);
  document.addEventListener('htmx:ws:after:connection', tell);
  document.addEventListener('visibilitychange', tell);
  tell();
}
