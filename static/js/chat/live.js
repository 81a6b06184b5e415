// Puts each message of the live stream at its place, once, and keeps the cursor. The swap is
// "log version:57 epoch:8", with the cursor after the frame; "fresh:true" replaces all messages.

const log = document.getElementById('log');
const seqOf = (child) => Number(child.dataset.seq);

// Finds the pending copy only by its nonce, since the author's name may have changed. Pending copies come last.
function dropPending(messages, { dataset: { nonce } }) {
  for (let copy = messages.lastElementChild; copy?.matches('.pending'); copy = copy.previousElementSibling) {
    if (copy.dataset.nonce !== nonce) continue;
    copy.remove();
    return document.dispatchEvent(new CustomEvent('plaza:confirmed', { detail: copy }));
  }
}

// Searches from the end, where most new messages belong.
function insert(messages, article) {
  let before = messages.lastElementChild;
  while (before && (before.matches('.pending') || !(seqOf(before) < seqOf(article)))) before = before.previousElementSibling;
  // The link to older messages brings a message that is older than all on the page.
  if (!before && messages.querySelector('.older')) return;
  (before ?? messages.firstElementChild).after(article);
}

function showAfresh(messages, fragment) {
  messages.querySelectorAll(':scope > :not(.empty, .pending)').forEach((child) => child.remove());
  for (const article of fragment.children) dropPending(messages, article);
  messages.firstElementChild.after(...fragment.childNodes);
}

// hx-upsert of htmx does less: it puts messages behind pending copies, adds messages that are older than the page,
// and takes ten times as long for 100 messages. hx-pending drops a copy when the answer comes, or when none comes.
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
    Object.assign(log.dataset, { version: spec.version, epoch: spec.epoch });
    // htmx processes what is returned. Messages have nothing for it, and looking is slow.
    return articles.filter((child) => child.matches('.older'));
  },
});
