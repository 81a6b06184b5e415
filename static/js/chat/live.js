// Puts each message of the live stream at its place, once, and keeps the cursor. The swap is "log version:57",
// with the cursor after the frame; "fresh:true" replaces all messages.

const log = document.getElementById('log');
const seqOf = (child) => Number(child.dataset.seq);

// Found by its nonce alone: its author may have another name by now. Pending copies come last.
function dropPending(messages, { dataset: { nonce } }) {
  for (let copy = messages.lastElementChild; copy?.matches('.pending'); copy = copy.previousElementSibling) {
    if (copy.dataset.nonce !== nonce) continue;
    copy.remove();
    return document.dispatchEvent(new CustomEvent('plaza:confirmed', { detail: copy }));
  }
}

// From the end, where most new messages belong.
function insert(messages, article) {
  let before = messages.lastElementChild;
  while (before && (before.matches('.pending') || !(seqOf(before) < seqOf(article)))) before = before.previousElementSibling;
  // A message older than all on the page comes by the link to older ones.
  if (!before && messages.querySelector('.older')) return;
  (before ?? messages.firstElementChild).after(article);
}

function showAfresh(messages, fragment) {
  messages.querySelectorAll(':scope > :not(.empty, .pending)').forEach((child) => child.remove());
  for (const article of fragment.children) dropPending(messages, article);
  messages.firstElementChild.after(...fragment.childNodes);
}

// htmx's hx-upsert does less: it puts messages behind pending copies, adds those that are older than the page,
// and took ten times as long for 100. Its hx-pending drops a copy with the answer, or when there is none.
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
    // htmx processes what is returned. Messages have nothing for it, and looking is slow.
    return articles.filter((child) => child.matches('.older'));
  },
});
