// Says when the connection is lost. Goes to the sign-in page when the session has ended, unless a form that was sent
// goes elsewhere: signing out ends the session before the browser has the next page.

const notice = document.getElementById('connection');
const SAID_AFTER = 1000; // ms: shorter breaks are not worth a word
const SESSION_ENDED = 1008;
const NO_SUCH_ROOM = 4404; // for the viewer, who has left it
let saying;
let failures = 0;
let isLeaving = false;

function say(text) {
  saying = clearTimeout(saying);
  if (notice && notice.textContent !== text) notice.textContent = text;
}

const signIn = () => isLeaving || location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);

// The browser does not say why a handshake was refused, so the page asks.
async function askSession() {
  try {
    const answer = await fetch('/viewer.css', { redirect: 'manual', cache: 'no-store' });
    if (answer.type === 'opaqueredirect') signIn();
  } catch {
    // No answer: the stream keeps trying.
  }
}

window.addEventListener('submit', (event) => { isLeaving = !event.defaultPrevented; });

document.addEventListener('htmx:ws:after:connection', () => {
  failures = 0;
  say('');
});

document.addEventListener('htmx:ws:close', ({ detail }) => {
  if (detail.reason !== 'closed') return;
  if (detail.code === SESSION_ENDED) return signIn();
  if (detail.code === NO_SUCH_ROOM) return location.assign('/dm');
  if (++failures % 3 === 0) askSession();
  saying ??= setTimeout(() => say('Reconnecting…'), SAID_AFTER);
});
