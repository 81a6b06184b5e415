// Makes the page of a room of two live that did not exist when the page was loaded. The first message of either
// person opens the room.

const log = document.getElementById('log');

async function open() {
  if (log.dataset.room !== '0') return;
  const answer = await fetch(location.pathname).catch(() => undefined);
  const page = new DOMParser().parseFromString((await answer?.text()) ?? '', 'text/html');
  const there = page.getElementById('log');
  if (!Number(there?.dataset.room) || log.dataset.room !== '0') return;
  // The version stays 0, so that the stream brings all messages.
  for (const name of ['room', 'read', 'state']) log.dataset[name] = there.dataset[name];
  for (const id of ['older-link', 'newer-link', 'room-state']) document.getElementById(id).innerHTML = page.getElementById(id).innerHTML;
  const stream = document.getElementById('stream');
  htmx.swap({ sourceElement: stream, target: stream, swap: 'outerHTML', text: page.getElementById('stream').outerHTML });
}

document.addEventListener('plaza:posted', open);
document.addEventListener('plaza:inbox', open);
document.addEventListener('htmx:ws:after:connection', open);
open();
