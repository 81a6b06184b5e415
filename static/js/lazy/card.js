// Shows a person's card beside a link to the person, while the pointer rests on the link or the link has the focus.
// From the link, the tabulator leads into the card, and Escape out of it. A card covers neither its link nor the
// composer.

const REST = 300; // ms, before it opens, and for the pointer to move onto it
const KEPT = 60_000; // ms
const GAP = 8; // px
const answers = new Map();
let link = null; // the link that the card describes
let dismissed = null; // the link whose card Escape closed, until the focus or the pointer leaves it
let timer;

const shown = () => document.getElementById('card');
const controls = () => [...shown().querySelectorAll('a[href], button')];
const composer = document.querySelector('.composer-area');

function ask(path) {
  if (!(Date.now() - answers.get(path)?.at < KEPT)) {
    const html = fetch(`${path}/card`, { redirect: 'manual' }).then((answer) => (answer.ok ? answer.text() : '')).catch(() => '');
    answers.set(path, { at: Date.now(), html });
  }
  return answers.get(path).html;
}

function close() {
  clearTimeout(timer);
  link?.removeAttribute('aria-describedby');
  link = null;
  const card = shown();
  if (!card) return;
  card.id = ''; // so that it does not close again when it loses the focus
  card.remove();
}

// place puts the card beside the link: after it, or else before it, below it or above it.
function place() {
  const card = shown();
  if (!card) return;
  const { left, right, top, bottom } = link.getBoundingClientRect();
  const end = Math.min(composer?.getBoundingClientRect().top ?? innerHeight, innerHeight);
  card.style.maxHeight = `${end - 2 * GAP}px`;
  const { offsetWidth: width, offsetHeight: height } = card;
  const lowest = end - GAP - height;
  const rightmost = innerWidth - GAP - width;
  const across = Math.max(GAP, Math.min(top, lowest));
  const along = Math.max(GAP, Math.min(left, rightmost));
  const places = [[right + GAP, across], [left - GAP - width, across], [along, bottom + GAP], [along, top - GAP - height]];
  if (getComputedStyle(link).direction === 'rtl') places.unshift(places.splice(1, 1)[0]);
  const [x, y] = places.find(([x, y]) => x >= GAP && x <= rightmost && y >= GAP && y <= lowest) ?? [along, across];
  card.style.left = `${x}px`;
  card.style.top = `${y}px`;
}

function show(html) {
  const of = link;
  close();
  link = of;
  document.querySelector('main').insertAdjacentHTML('beforeend', html);
  shown().showPopover();
  place();
  link.setAttribute('aria-describedby', 'card');
}

async function open(over) {
  close();
  // The focus may have moved before this script was loaded.
  if (!over.matches(':hover, :focus-visible')) return;
  link = over;
  const html = await ask(over.pathname);
  if (link === over && !shown() && html) show(html);
}

function leave() {
  if (!link.matches(':focus-visible') && !shown()?.querySelector(':focus-visible')) close();
}

// pointTo follows the pointer or the focus: to a link, to the card itself, or with null to anything else.
export function pointTo(element) {
  const over = element?.id === 'card' ? link : element;
  clearTimeout(timer);
  if (over && over === dismissed) return;
  dismissed = null;
  if (over !== link) timer = setTimeout(over ? open : leave, REST, over);
}

// A button of the card changes the relation, and the card shows what it is then.
async function send(form) {
  const of = link;
  const answer = await fetch(form.action, { method: 'POST', headers: { 'HX-Request': 'true' } }).catch(() => null);
  const problem = answer?.ok ? '' : new DOMParser().parseFromString(await answer?.text() ?? '', 'text/html').querySelector('.form-error')?.textContent;
  if (problem === undefined) return form.submit(); // the browser shows what is wrong
  answers.delete(of.pathname);
  const html = await ask(of.pathname);
  if (link !== of || !html) return;
  show(html);
  shown().querySelector('.form-error').textContent = problem;
  (controls()[0] ?? link).focus();
}

document.addEventListener('submit', (event) => {
  if (!event.target.closest('#card')) return;
  event.preventDefault();
  send(event.target);
});
document.addEventListener('focusout', ({ target, relatedTarget }) => {
  if (target === dismissed) dismissed = null;
  if ((target === link || target.closest('#card')) && relatedTarget !== link && !relatedTarget?.closest('#card')) close();
});
document.addEventListener('keydown', (event) => {
  const card = shown();
  if (!card) return;
  const inside = card.contains(document.activeElement);
  if (event.key === 'Escape') {
    dismissed = link;
    if (inside) link.focus();
    close();
  } else if (event.key === 'Tab' && controls().length > 0) {
    const first = controls()[0];
    if (document.activeElement === (event.shiftKey ? first : link)) {
      event.preventDefault();
      (event.shiftKey ? link : first).focus();
    } else if (document.activeElement === controls().at(-1) && !event.shiftKey) link.focus(); // the browser goes on from there
  }
});
document.addEventListener('plaza:inbox', () => answers.clear());
window.addEventListener('resize', place);
if (composer) new ResizeObserver(place).observe(composer);
document.addEventListener('scroll', ({ target }) => target !== shown() && shown() && close(), true);
