// Sends messages. Each one is shown at once, as a pending copy with a form of its own. The form is posted
// again with the same nonce after each reconnect, until the stream brings the message.

const composer = document.getElementById('composer');
const log = document.getElementById('log');
const messages = document.getElementById('messages');
const template = document.getElementById('pending');

if (composer && messages && template) {
  const field = composer.querySelector('#message');
  const error = composer.querySelector('#composer-error');
  const source = composer.querySelector('#write');
  const preview = composer.querySelector('#show-preview');
  const RETRY = 3000; // ms
  const GROUP = { time: 300_000 /* ms */, size: 15 }; // as the server has it
  const to = composer.dataset.to ?? composer.room.value;
  const draft = `draft ${to}`;
  const outbox = `outbox ${to} `;
  let posting; // one copy at a time, to keep the order
  let retrying;

  const pending = () => [...messages.querySelectorAll('article.pending')];
  const status = (copy, text) => { copy.querySelector('.pending-status').textContent = text; };
  const newNonce = () => crypto.getRandomValues(new Uint32Array(4)).join('-');
  const plain = (html) => new DOMParser().parseFromString(html, 'text/html').body.textContent.trim();

  // Drafts, and messages that are not posted yet, survive the closing of the tab.
  const keepDraft = () => kept.write(draft, field.value);
  const keep = (nonce, replyTo, body) => kept.write(`${outbox}${nonce} ${replyTo}`, body);
  const forget = (copy) => keep(copy.dataset.nonce, copy.querySelector('form').reply_to.value, '');

  function refuse(sentence) {
    error.textContent = sentence;
    field.ariaInvalid = sentence ? 'true' : null;
  }

  function write(body) {
    field.value = body;
    keepDraft();
    show('write');
    field.dispatchEvent(new Event('plaza:written'));
  }

  function show(mode) {
    composer.dataset.mode = mode;
    source.ariaPressed = mode === 'write';
    preview.ariaPressed = mode === 'preview';
  }

  // Tells whether a new message continues the group of the last one, as the server will.
  function continuesGroup(author) {
    let first = messages.querySelector('article:last-of-type');
    if (first?.dataset.author !== author) return false;
    let size = 1;
    for (let before = first; first.matches('.continues') && before; before = before.previousElementSibling) {
      if (before === first || !before.matches('article')) continue;
      first = before;
      size += 1;
    }
    return size < GROUP.size && serverTime() - Date.parse(first.querySelector('time').dateTime) < GROUP.time;
  }

  function showPending(nonce, replyTo, body) {
    const copy = template.content.firstElementChild.cloneNode(true);
    const form = copy.querySelector('form');
    copy.classList.toggle('continues', !replyTo && continuesGroup(copy.dataset.author));
    copy.dataset.nonce = nonce;
    copy.querySelector('.body').textContent = body;
    copy.querySelector('time').dateTime = new Date(serverTime()).toISOString();
    form.nonce.value = nonce;
    form.reply_to.value = replyTo;
    form.body.value = body;
    if (replyTo && replyTo === composer.reply_to.value) {
      const quote = Object.assign(document.createElement('p'), { className: 'quote' });
      quote.append(...document.getElementById('reply-words').cloneNode(true).querySelectorAll('bdi'));
      copy.querySelector('.head').after(quote);
    }
    messages.append(copy);
    htmx.process(copy);
  }

  function postNext() {
    clearTimeout(retrying);
    if (posting?.isConnected) return;
    posting = pending().find((copy) => !copy.matches('.sent'));
    if (posting) htmx.trigger(posting.querySelector('form'), 'send');
  }

  function postLater(copy) {
    status(copy, 'Not sent yet. Trying again…');
    copy.classList.add('failed');
    posting = undefined;
    retrying = setTimeout(postNext, RETRY);
  }

  function answered(copy, { status: code, headers }, text) {
    // 200 is not the answer to a post: the session has ended, and htmx leaves the page, or a proxy has answered.
    if (code >= 500 || code === 200) return postLater(copy);
    forget(copy);
    if (code >= 300) {
      // The text goes back into the composer, to be corrected.
      refuse(plain(text) || 'This message could not be sent.');
      const body = copy.querySelector('form').body.value;
      copy.remove();
      write(field.value ? `${body}\n\n${field.value}` : body);
    } else if (headers.has('Plaza-Seq') && headers.get('Plaza-Seq') <= Number(log.dataset.version)) {
      copy.remove(); // the stream is past it, since it was posted before this page was made
    } else {
      copy.classList.remove('failed');
      copy.classList.add('sent');
      status(copy, '');
      document.dispatchEvent(new CustomEvent('plaza:posted'));
    }
    posting = undefined;
    postNext();
  }

  // Replaces the form's own submission, which works without JavaScript.
  composer.addEventListener('submit', (event) => {
    if (event.submitter?.hasAttribute('formaction')) return;
    event.preventDefault();
    field.focus();
    if (!field.value.trim()) return;
    refuse('');
    const nonce = newNonce();
    const replyTo = composer.reply_to.value;
    showPending(nonce, replyTo, field.value);
    keep(nonce, replyTo, field.value);
    write('');
    document.dispatchEvent(new CustomEvent('plaza:submitted'));
    postNext();
  });

  // On a touch screen Enter breaks the line: its keyboard has no other key for that.
  const hasTouchScreen = matchMedia('(pointer: coarse)');

  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || hasTouchScreen.matches) return;
    event.preventDefault();
    composer.requestSubmit();
  });

  field.addEventListener('input', () => {
    keepDraft();
    refuse('');
  });

  source.addEventListener('click', () => {
    show('write');
    field.focus();
  });

  preview.addEventListener('click', () => refuse(''));

  document.addEventListener('htmx:after:request', ({ target, detail: { ctx } }) => {
    const copy = target.closest?.('article.pending');
    if (copy) return answered(copy, ctx.response, ctx.text);
    if (target !== preview) return;
    if (ctx.response.status !== 200) {
      ctx.swap = 'none';
      return refuse(plain(ctx.text));
    }
    show('preview');
  });

  document.addEventListener('htmx:error', ({ target }) => {
    const copy = target.closest?.('article.pending');
    if (copy) postLater(copy);
  });

  document.addEventListener('plaza:confirmed', ({ detail: copy }) => {
    if (posting === copy) posting = undefined;
    forget(copy);
    postNext();
  });

  // What was posted before the break may not have arrived.
  document.addEventListener('htmx:ws:after:connection', () => {
    for (const copy of pending()) copy.classList.remove('sent');
    postNext();
  });

  for (const [name, body] of kept.list(outbox)) {
    const [nonce, replyTo = ''] = name.split(' ');
    if (messages.querySelector(`article[data-nonce="${CSS.escape(nonce)}"]`)) keep(nonce, replyTo, '');
    else showPending(nonce, replyTo, body);
  }
  field.value = kept.read(draft) ?? field.value; // a draft that is not saved yet comes first
  field.selectionStart = field.value.length;
}
