// Says who has read the viewer's messages, below the last one that anybody has read. Reloads the page
// when the viewer may no longer write, or may again.

const state = document.getElementById('room-state');
const log = document.getElementById('log');

if (state) {
  const { viewer } = log.dataset;
  const seen = Object.assign(document.createElement('p'), { className: 'seen' });
  const own = `article[data-author="${CSS.escape(viewer)}"]:not(.pending, .event)`;

  function show() {
    const readers = [...state.querySelectorAll(`[data-read]:not([data-member="${CSS.escape(viewer)}"])`)];
    for (const article of [...log.querySelectorAll(own)].reverse()) {
      const names = readers.filter(({ dataset: { read } }) => Number(read) >= article.dataset.seq).map((reader) => reader.textContent);
      if (!names.length) continue;
      seen.textContent = state.querySelectorAll('span').length > 2 ? `Seen by ${names.join(', ')}` : 'Seen';
      if (seen.parentElement !== article) article.append(seen);
      return;
    }
    seen.remove();
  }

  htmx.registerExtension('plaza-state', {
    handle_swap(style, target, fragment) {
      if (style !== 'state') return false;
      state.replaceChildren(...fragment.childNodes);
      show();
      const isClosed = state.querySelector('[data-closed]');
      if (!isClosed !== Boolean(document.getElementById('composer'))) location.reload();
      return [];
    },
  });
  document.addEventListener('plaza:added', show);
  show();
}
