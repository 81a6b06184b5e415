// Keeps the counts, the tab's title and its icon current, and shows new notices for a while. All pages are sent
// the same news of the public chat, so each page counts what its viewer has not read.

const inbox = document.getElementById('inbox');
const log = document.getElementById('log');
const title = document.title.replace(/^(\(\d+\+?\)|•) /, '');
const { account } = document.documentElement.dataset;
const isPublic = log?.dataset.room === '1' && document.getElementById('pending'); // it shows beside its log what is unread
let posts = []; // of the public chat: the seq and the author of each
let unseen = 0; // messages on this page
const SHOWN = 8000; // ms
const MOST = 3;
const ON_ITS_WAY = 15_000; // ms, after which the site knows what a page has read

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

function showTitle() {
  const unread = document.getElementById('notifications-count');
  const mark = unseen || !document.getElementById('public-count').hidden ? '• ' : '';
  document.title = (unread.hidden ? mark : `(${unread.firstChild.data}) `) + title;
}

// The site has counted up to the newest message that it knew of, and this page counts those in the news.
function showPublic() {
  const badge = document.getElementById('public-count');
  const { read, newest } = inbox.dataset;
  const [left, at] = kept.read('public')?.split(' ') ?? [];
  const seen = Math.max(read, Date.now() - at < ON_ITS_WAY ? left : 0);
  const before = badge.hidden || seen >= newest ? 0 : parseInt(badge.textContent, 10);
  const count = posts.filter(([seq, author]) => seq > seen && author !== account).length;
  if (count > before) badge.firstChild.data = count > 99 ? '99+' : count;
  badge.hidden = Boolean(isPublic && !log.dataset.kept) || count + before === 0;
  showTitle();
}

htmx.registerExtension('plaza-news', {
  handle_swap(style, target, fragment) {
    if (style !== 'news') return false;
    posts = fragment.textContent.split(' ').map((post) => post.split(':'));
    showPublic();
    return [];
  },
});

document.addEventListener('plaza:unseen', ({ detail }) => {
  if (!inbox || unseen === detail) return;
  unseen = detail;
  showTitle();
});
if (inbox) showPublic();

htmx.registerExtension('plaza-inbox', {
  handle_swap(style, target, fragment) {
    if (style !== 'inbox') return false;
    const [update] = fragment.children;
    const { mark, at, read, newest } = update.dataset;
    const toast = Number(at) > inbox.dataset.at && update.querySelector('.toast');
    update.querySelectorAll('[id]').forEach((part) => document.getElementById(part.id).replaceWith(part));
    Object.assign(inbox.dataset, { mark, read, newest });
    showPublic();
    if (document.getElementById('notifications-count').hidden) inbox.replaceChildren();
    if (toast) {
      inbox.dataset.at = at;
      show(toast);
    }
    document.dispatchEvent(new CustomEvent('plaza:inbox', { detail: toast }));
    return [];
  },
});

document.addEventListener('click', ({ target }) => target.closest('.toast button')?.parentElement.remove());

// Following a link marks nothing as read, so this page does it, also if the link is followed in another tab.
const opened = ({ search }) => fetch(`/notifications/read${search}`, { method: 'POST', keepalive: true, redirect: 'manual' }).catch(() => {});

function follow({ target, button }) {
  const link = button < 2 && target.closest('a[href^="/notifications/open?"]'); // 2 is the button that opens a menu
  if (link) opened(link);
}

document.addEventListener('click', follow);
document.addEventListener('auxclick', follow);
document.addEventListener('plaza:opened', ({ detail: link }) => opened(link));
