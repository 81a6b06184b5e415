// Saves what is being written in pauses of typing, so that one can begin on one device and finish on another. This
// browser keeps the text until it is saved, and a text that is too long.

const composer = document.getElementById('composer');
const field = composer.querySelector('#message');
const replaced = document.getElementById('replaced');
const room = composer.room.value;
const entry = `draft ${composer.dataset.to ?? room}`; // as the composer keeps it
const PAUSE = 1000; // ms
const RETRY = 10_000; // ms
let saved = field.defaultValue; // what the server has, as far as this page knows
let offered;
let isSaving = false;
let timer;

const post = (path, fields) => fetch(path, {
  method: 'POST', body: new URLSearchParams({ room, account: composer.account.value, ...fields }), headers: { 'HX-Request': 'true' }, redirect: 'manual', keepalive: true,
}).catch(() => undefined);

const versionOf = (answer) => answer?.headers.get('Plaza-Draft'); // none if it was refused, or if the session has ended

function saveAfter(pause) {
  clearTimeout(timer);
  timer = setTimeout(save, pause);
}

// Screen readers say each change.
function offer(html) {
  if (html !== offered) replaced.innerHTML = html;
  offered = html;
}

// The arrival of a message deletes the draft on the server. Until then this browser keeps it too.
function forget() {
  if (!document.querySelector('#messages .pending')) kept.write(entry, '');
}

async function save() {
  clearTimeout(timer);
  const body = field.value;
  if (isSaving) return;
  if (body === saved) return forget();
  isSaving = true;
  const answer = await post('/drafts', { body, version: composer.dataset.draft });
  isSaving = false;
  if (versionOf(answer)) {
    saved = body;
    composer.dataset.draft = versionOf(answer);
    offer(await answer.text());
    if (field.value === body) forget();
    else saveAfter(PAUSE);
  } else if (!answer || answer.status >= 500 || answer.status === 429) saveAfter(RETRY);
}

async function restore(event) {
  if (!event.target.matches('button')) return;
  event.preventDefault();
  const answer = await post('/drafts/restore', {});
  if (!versionOf(answer)) return;
  const text = await answer.text();
  composer.dataset.draft = versionOf(answer);
  offer('');
  field.focus();
  field.select();
  document.execCommand('insertText', false, text); // which can be undone
  saved = field.value;
}

field.addEventListener('input', () => saveAfter(PAUSE));
field.addEventListener('plaza:written', () => saveAfter(PAUSE));
replaced.addEventListener('click', restore);
document.addEventListener('visibilitychange', () => document.hidden && save());

// Sending deletes the draft on the server, when the message arrives there. What was written since is saved again.
document.addEventListener('plaza:submitted', () => {
  saved = '';
  offer('');
});
for (const event of ['plaza:posted', 'plaza:confirmed']) {
  document.addEventListener(event, () => {
    if (!field.value) return;
    saved = undefined;
    kept.write(entry, field.value);
    saveAfter(PAUSE);
  });
}

saveAfter(PAUSE);
