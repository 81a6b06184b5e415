// Puts each message of the live stream at its place, once, and keeps the cursor. The swap is
// "log version:57 epoch:8", with the cursor after the frame; "fresh:true" replaces all messages.

const log = document.getElementById('log');
const seqOf = (child) => Number(child.dataset.seq);
let missed = []; // what the stream brought of messages that were being loaded

// Finds the pending copy only by its nonce, since the author's name may have changed. Pending copies come last.
function dropPending(messages, { dataset: { nonce } }) {
  for (let copy = messages.lastElementChild; copy?.matches('.pending'); copy = copy.previousElementSibling) {
    if (copy.dataset.nonce !== nonce) continue;
    copy.remove();
    return document.dispatchEvent(new CustomEvent('plaza:confirmed', { detail: copy }));
  }
}

// Searches from the end, where most new messages belong. Tells whether the message belongs on the page: a link to older
// or newer messages brings one that is beyond.
function insert(messages, article) {
  let before = messages.lastElementChild;
  while (before && (before.matches('.pending') || !(seqOf(before) < seqOf(article)))) before = before.previousElementSibling;
  const link = before ? before.nextElementSibling : document.getElementById('older');
  if (!link?.matches('.older')) return (before ?? messages.firstElementChild).after(article), true;
  // The answer to a request that is under way may lack it.
  if (link.matches('.htmx-request')) missed.push(article);
  return false;
}

// The page of a thread shows the messages of that thread alone.
const belongs = ({ dataset: { seq, thread } }) => !log.dataset.thread || log.dataset.thread === (thread ?? seq);

function showAfresh(messages, fragment) {
  messages.querySelectorAll(':scope > :not(.empty, .pending)').forEach((child) => child.remove());
  for (const article of fragment.children) dropPending(messages, article);
  messages.firstElementChild.after(...fragment.childNodes);
}

// Too much has changed for a page that is far from the newest messages, so it is made again, at the message in view.
function loadAgain(messages) {
  const { top } = log.getBoundingClientRect();
  const read = [...messages.querySelectorAll('article[id]')].find((article) => article.getBoundingClientRect().bottom > top);
  location.replace(`${document.getElementById('new-messages').pathname}?at=${read.dataset.seq}`);
  return [];
}

// A form that edits the message goes on in its new state, and the focus stays where it was.
function replace(shown, article) {
  const form = shown.querySelector(':scope > .edit:not([aria-busy])');
  const { activeElement } = document;
  const hadFocus = shown.contains(activeElement);
  article.classList.toggle('marked', shown.matches('.marked'));
  shown.replaceWith(article);
  if (form) {
    article.append(form);
    article.classList.add('editing');
  }
  if (!hadFocus) return;
  article.tabIndex = -1;
  const same = [...article.querySelectorAll('.message-actions, .reaction')].find(({ className, value }) => className === activeElement.className && value === activeElement.value);
  (form?.contains(activeElement) ? activeElement : same ?? article).focus({ preventScroll: true });
}

// Returns whether the message is on the page.
function put(messages, article) {
  const shown = document.getElementById(article.id);
  if (!shown) return insert(messages, article);
  if (Number(shown.dataset.version) <= article.dataset.version) replace(shown, article);
  return true;
}

// hx-upsert of htmx does less: it puts messages behind pending copies, adds messages that are beyond the page,
// and takes ten times as long for 100 messages. hx-pending drops a copy when the answer comes, or when none comes.
htmx.registerExtension('plaza-log', {
  handle_swap(style, messages, fragment, spec) {
    if (style !== 'log') return false;
    if (spec.fresh && document.getElementById('newer')) return loadAgain(messages);
    const articles = [...fragment.children].filter(belongs);
    let beyond = [];
    if (spec.fresh && log.dataset.thread) location.reload(); // the fragment is the newest page of the room
    else if (spec.fresh) {
      showAfresh(messages, fragment);
    } else {
      articles.forEach((article) => dropPending(messages, article));
      beyond = articles.filter((article) => !put(messages, article));
    }
    Object.assign(log.dataset, { version: spec.version, epoch: spec.epoch });
    if (beyond.length) document.dispatchEvent(new CustomEvent('plaza:beyond', { detail: beyond }));
    // htmx processes what is returned. Messages have nothing for it, and looking is slow.
    return articles.filter((child) => child.matches('.older'));
  },
});

document.addEventListener('plaza:added', () => {
  const late = missed;
  missed = [];
  late.forEach((article) => put(document.getElementById('messages'), article));
});
