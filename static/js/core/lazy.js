// Loads scripts that few pages need when something on the page first needs them. If one does not come, the
// page works as it does without it.

const ignore = () => {};

// By what on the page needs them. Each import() names its file, so that the server can put the hashed name there.
let parts = [
  ['.code', () => import('../lazy/code.js')],
  ['#device-notices', () => import('../lazy/device.js')],
];

function loadParts() {
  parts = parts.filter(([selector, load]) => !document.querySelector(selector) || void load().catch(ignore));
}

loadParts();
document.addEventListener('plaza:added', loadParts);
document.addEventListener('htmx:after:swap', loadParts);

// Cards need every move of the pointer once somebody has pointed at a person.
const PERSON = ':is(main, .people-panel) a[href^="/u/"]';
let card;

function pointTo(target) {
  const link = target.closest(PERSON);
  if (link) card ??= import('../lazy/card.js').catch(() => { card = undefined; });
  card?.then((script) => script?.pointTo(target.closest('#card') ?? link));
}

if (document.getElementById('stream')) {
  document.addEventListener('pointerover', ({ target, pointerType }) => pointerType !== 'touch' && pointTo(target));
  document.addEventListener('focusin', ({ target }) => target.matches(`${PERSON}:focus-visible`) && pointTo(target));
}

// Sounds and desktop notices are for those who asked for them on this device.
if (document.getElementById('inbox') && (localStorage.sound || localStorage.desktop)) import('../lazy/announce.js').catch(ignore);
