// What the scripts of messages share.

const notes = document.getElementById('notes');

export const pathOf = ({ id }) => `/messages/${id.slice(2).replace('-', '/')}`;

export function ask(path, body) {
  return fetch(path, { method: body ? 'POST' : 'GET', body, headers: { 'HX-Request': 'true' }, redirect: 'manual' }).catch(() => null);
}

// note says something above the composer for a while.
export function note(html, time) {
  notes.insertAdjacentHTML('beforeend', html);
  const last = notes.lastElementChild;
  setTimeout(() => last.remove(), time);
}

let button; // of the message that has the menu or the picker

// anchor places the menu and the picker beside the button of a message.
export function anchor(article) {
  button?.style.removeProperty('anchor-name');
  button = article?.querySelector(':scope > .message-actions');
  button?.style.setProperty('anchor-name', '--message');
  return button;
}

// A change of the message puts another article in its place. If the message is deleted, there is nothing to do with it.
document.addEventListener('plaza:added', () => {
  const open = document.querySelector(':is(#message-menu, #picker):popover-open');
  if (open && !button.isConnected && !anchor(document.getElementById(open.dataset.message))) open.hidePopover();
});
