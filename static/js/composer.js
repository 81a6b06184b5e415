// Sends messages: each is on the screen at once, as a pending copy, which holds the form
// that htmx posts. It goes when the message itself comes by the stream, and until then it
// is posted again, under the same nonce, whenever the stream comes back.

const composer = document.getElementById('composer');
const messages = document.getElementById('messages');
const template = document.getElementById('pending');

if (composer && messages && template) {
  const field = composer.querySelector('#message');
  const error = composer.querySelector('#composer-error');
  const preview = composer.querySelector('#show-preview');
  const RETRY = 3000; // ms until a post that could not be sent is tried again
  const GROUP = 300_000; // ms within which messages of one author form a group, as the server has it
  const draftKey = `draft ${composer.room.value}`;
  const outboxKey = `outbox ${composer.room.value}`;
  let posting; // the pending copy whose post is under way: one at a time, to keep the order
  let retrying;

  const pending = () => [...messages.querySelectorAll('article.pending')];
  const status = (copy, text) => { copy.querySelector('.pending-status').textContent = text; };

  function newNonce() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  }

  // What is not confirmed survives a reload.
  function remember() {
    const waiting = pending().map((copy) => {
      const form = copy.querySelector('form');
      return { nonce: form.nonce.value, body: form.body.value };
    });
    sessionStorage.setItem(outboxKey, JSON.stringify(waiting));
  }

  const keepDraft = () => sessionStorage.setItem(draftKey, field.value);

  function refuse(sentence) {
    error.textContent = sentence;
    if (sentence) field.setAttribute('aria-invalid', 'true');
    else field.removeAttribute('aria-invalid');
  }

  function write(body) {
    field.value = body;
    keepDraft();
    showField();
  }

  function showField() {
    composer.dataset.mode = 'write';
    composer.querySelector('#write').setAttribute('aria-pressed', 'true');
    preview.setAttribute('aria-pressed', 'false');
  }

  function showPending(nonce, body) {
    const copy = template.content.firstElementChild.cloneNode(true);
    const form = copy.querySelector('form');
    const last = messages.querySelector('article:last-of-type');
    const age = Date.now() - Date.parse(last?.querySelector('time').dateTime);
    copy.classList.toggle('continues', last?.dataset.author === copy.dataset.author && age < GROUP);
    copy.dataset.nonce = nonce;
    copy.querySelector('.body').textContent = body;
    copy.querySelector('time').dateTime = new Date().toISOString();
    form.nonce.value = nonce;
    form.body.value = body;
    messages.append(copy);
    htmx.process(copy);
    return copy;
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
    clearTimeout(retrying);
    retrying = setTimeout(postNext, RETRY);
  }

  function answered(copy, { status: code }, text) {
    if (code >= 500) return postLater(copy);
    if (code >= 300) {
      // Refused: the text goes back to where it can be mended.
      const said = new DOMParser().parseFromString(text, 'text/html').body.textContent.trim();
      refuse(said || 'This message could not be sent.');
      const body = copy.querySelector('form').body.value;
      copy.remove();
      write(field.value ? `${body}\n\n${field.value}` : body);
    } else {
      copy.classList.remove('failed');
      copy.classList.add('sent');
      status(copy, '');
    }
    posting = undefined;
    remember();
    postNext();
  }

  function submit() {
    const body = field.value;
    if (!body.trim()) return;
    refuse('');
    showPending(newNonce(), body);
    write('');
    remember();
    document.dispatchEvent(new CustomEvent('plaza:submitted'));
    postNext();
  }

  // Before htmx, and before the form's own way without JavaScript.
  composer.addEventListener('submit', (event) => {
    if (event.submitter === preview) return;
    event.preventDefault();
    submit();
    field.focus();
  });

  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });

  field.addEventListener('input', () => {
    keepDraft();
    refuse('');
  });

  composer.querySelector('#write').addEventListener('click', () => {
    showField();
    field.focus();
  });

  preview.addEventListener('click', () => refuse(''));

  document.addEventListener('htmx:after:request', ({ target, detail: { ctx } }) => {
    const copy = target.closest?.('article.pending');
    if (copy) return answered(copy, ctx.response, ctx.text);
    if (target !== preview) return;
    if (ctx.response.status !== 200) {
      ctx.swap = 'none';
      return refuse(new DOMParser().parseFromString(ctx.text, 'text/html').body.textContent.trim());
    }
    composer.dataset.mode = 'preview';
    composer.querySelector('#write').setAttribute('aria-pressed', 'false');
    preview.setAttribute('aria-pressed', 'true');
  });

  document.addEventListener('htmx:error', ({ target }) => {
    const copy = target.closest?.('article.pending');
    if (copy) postLater(copy);
  });

  document.addEventListener('plaza:confirmed', ({ detail: copy }) => {
    if (posting === copy) posting = undefined;
    remember();
    postNext();
  });

  // What was posted while the connection was lost is confirmed by the stream, or posted again.
  document.addEventListener('htmx:ws:after:connection', () => {
    for (const copy of pending()) copy.classList.remove('sent');
    postNext();
  });

  for (const { nonce, body } of JSON.parse(sessionStorage.getItem(outboxKey) ?? '[]')) {
    const there = messages.querySelector(`article[data-nonce="${CSS.escape(nonce)}"]`);
    if (!there) showPending(nonce, body);
  }
  remember();
  if (!field.value) field.value = sessionStorage.getItem(draftKey) ?? '';
}
