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
