// Keeps the counts, the tab's title and its icon current, and shows new notices for a while.

const inbox = document.getElementById('inbox');
const log = document.getElementById('log');
const title = document.title.replace(/^\(\d+\+?\) /, '');
const SHOWN = 8000; // ms
const MOST = 3;

function expire(toast) {
  setTimeout(() => (toast.matches(':hover, :focus-within') ? expire(toast) : toast.remove()), SHOWN);
}

function show(toast) {
  const { kind, room, notification } = toast.dataset;
  if (kind === 'declined' || (room && room === log?.dataset.room && !document.hidden)) return;
  inbox.querySelector(`[data-notification="${notification}"]`)?.remove();
  inbox.append(toast);
  while (inbox.children.length > MOST) inbox.firstChild.remove();
  expire(toast);
}

htmx.registerExtension('plaza-inbox', {
  handle_swap(style, target, fragment) {
    if (style !== 'inbox') return false;
    const [update] = fragment.children;
    const { mark, at } = update.dataset;
    const toast = Number(at) > inbox.dataset.at && update.querySelector('.toast');
    update.querySelectorAll('[id]').forEach((part) => document.getElementById(part.id).replaceWith(part));
    inbox.dataset.mark = mark;
    const unread = document.getElementById('notifications-count');
    document.title = (unread.hidden ? '' : `(${unread.firstChild.data}) `) + title;
    if (unread.hidden) inbox.replaceChildren();
    if (toast) {
      inbox.dataset.at = at;
      show(toast);
    }
    document.dispatchEvent(new CustomEvent('plaza:inbox', { detail: toast }));
    return [];
  },
});

document.addEventListener('click', ({ target }) => target.closest('.toast button')?.parentElement.remove());
