// Shows a person's card beside a link to the person, while the pointer rests on the link or the link has the focus.
// A card never covers the composer.

const REST = 300; // ms, before it opens, and for the pointer to move onto it
const KEPT = 60_000; // ms
const GAP = 8; // px
const answers = new Map();
let link = null; // the link that the card describes
let timer;

const shown = () => document.getElementById('card');
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
  shown()?.remove();
}

function place() {
  const card = shown();
  if (!card) return;
  const { left, top, bottom } = link.getBoundingClientRect();
  const end = composer?.getBoundingClientRect().top ?? innerHeight;
  card.style.maxHeight = `${end - 2 * GAP}px`;
  const above = top - GAP - card.offsetHeight;
  const below = bottom + GAP;
  const lowest = end - GAP - card.offsetHeight;
  card.style.left = `${Math.max(GAP, Math.min(left, innerWidth - GAP - card.offsetWidth))}px`;
  card.style.top = `${Math.min(above > GAP && below > lowest ? above : below, lowest)}px`;
}

async function open(over) {
  close();
  // The focus may have moved before this script was loaded.
  if (!over.matches(':hover, :focus-visible')) return;
  link = over;
  const html = await ask(over.pathname);
  if (link !== over || shown() || !html) return;
  document.querySelector('main').insertAdjacentHTML('beforeend', html);
  shown().showPopover();
  place();
  link.setAttribute('aria-describedby', 'card');
}

function leave() {
  if (!link.matches(':focus-visible')) close();
}

// pointTo follows the pointer or the focus: to a link, to the card itself, or with null to anything else.
export function pointTo(element) {
  const over = element?.id === 'card' ? link : element;
  clearTimeout(timer);
  if (over !== link) timer = setTimeout(over ? open : leave, REST, over);
}

document.addEventListener('focusout', ({ target }) => target.matches('a[href^="/u/"]') && close());
document.addEventListener('keydown', ({ key }) => key === 'Escape' && close());
window.addEventListener('resize', place);
if (composer) new ResizeObserver(place).observe(composer);
document.addEventListener('scroll', () => shown() && close(), true);
