// Shows the frames of the live stream. Names the page's account, since the browser may have signed in with another
// one, and the cursor after a reconnect.

// Frames that follow each other within a moment are shown together: a layout for each would leave no time
// for scrolling.
const MOMENT = 100; // ms
let waiting = '';
let resting = false;

function show(stream) {
  resting = waiting !== '' && !document.hidden; // hidden pages have late timers
  if (waiting) htmx.swap({ sourceElement: stream, target: stream, swap: 'none', text: waiting });
  waiting = '';
  if (resting) setTimeout(show, MOMENT, stream);
}

document.addEventListener('htmx:ws:before:message:incoming', (event) => {
  event.preventDefault();
  waiting += event.detail.message.data;
  if (!resting || document.hidden) show(event.target);
});

document.addEventListener('htmx:ws:before:connection', ({ detail: { connection } }) => {
  connection.url = connection.url.replace(/after=\d+/, () => `after=${document.getElementById('log').dataset.version}`)
    .replace(/epoch=\d+/, () => `epoch=${document.getElementById('log').dataset.epoch}`)
    .replace(/inbox=[^&]+/, () => `inbox=${document.getElementById('inbox').dataset.mark}`)
    .replace(/\?(account=\d+&)?/, `?account=${document.documentElement.dataset.account}&`);
});

// A page from the browser's back and forward cache no longer has a stream.
window.addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});
