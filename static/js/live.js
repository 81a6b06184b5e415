// The live stream: puts each message at its place, once, and keeps the cursor. Its frames
// have the swap "log version:57", the cursor after them; "fresh:true" replaces all there is.

const log = document.getElementById('log');
const seqOf = (child) => Number(child.dataset.seq);

// A message replaces its pending copy, also where its author has got another name. Those are last.
function dropPending(messages, { dataset: { nonce } }) {
  for (let copy = messages.lastElementChild; copy?.matches('.pending'); copy = copy.previousElementSibling) {
    if (copy.dataset.nonce !== nonce) continue;
    copy.remove();
    return document.dispatchEvent(new CustomEvent('plaza:confirmed', { detail: copy }));
  }
}

// New messages mostly belong at the end.
function insert(messages, article) {
  let before = messages.lastElementChild;
  while (before && (before.matches('.pending') || !(seqOf(before) < seqOf(article)))) before = before.previousElementSibling;
  // Older ones come when they are asked for.
  if (!before && messages.querySelector('.older')) return;
  (before ?? messages.firstElementChild).after(article);
}

function showAfresh(messages, fragment) {
  messages.querySelectorAll(':scope > :not(.empty, .pending)').forEach((child) => child.remove());
  for (const article of fragment.children) dropPending(messages, article);
  messages.firstElementChild.after(...fragment.childNodes);
}

htmx.registerExtension('plaza-log', {
  handle_swap(style, messages, fragment, spec) {
    if (style !== 'log') return false;
    const articles = [...fragment.children];
    if (spec.fresh) {
      showAfresh(messages, fragment);
    } else {
      for (const article of articles) {
        const shown = document.getElementById(article.id);
        dropPending(messages, article);
        if (shown) shown.replaceWith(article);
        else insert(messages, article);
      }
    }
    log.dataset.version = spec.version;
    // In messages htmx would find nothing, slowly.
    return articles.filter((child) => child.matches('.older'));
  },
});

// What follows a frame within a moment is shown together: a layout for each would leave no
// time for scrolling.
const MOMENT = 100; // ms
let waiting = '';
let resting = false;

function show(stream) {
  resting = waiting !== '' && !document.hidden; // there timers are late
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
  connection.url = connection.url.replace(/after=\d+/, () => `after=${log.dataset.version}`)
    .replace(/inbox=[^&]+/, () => `inbox=${document.getElementById('inbox').dataset.mark}`);
});

// A page that the browser kept has no stream any more.
window.addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});
