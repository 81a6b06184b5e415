// On a narrow touch screen a swipe from the left edge opens the navigation, a swipe back closes it, and so does going
// back. The open navigation is an entry of the browser's history, which the page that is chosen replaces.

const drawer = document.getElementById('navigation');
const button = document.querySelector('.navigation-button');
const EDGE = 40; // px: a swipe that opens begins this close to the edge
const FAR = 48; // px: a swipe is this long
let start;

const isOpen = () => drawer.matches(':popover-open');
const isEntry = () => history.state?.drawer;

if (isEntry()) history.replaceState(null, ''); // the page was loaded again while it was open

document.addEventListener('touchstart', ({ touches }) => {
  const [touch] = touches;
  const isOne = touches.length === 1 && button.checkVisibility();
  start = isOne && (isOpen() || touch.clientX < EDGE) ? touch : undefined;
}, { passive: true });

document.addEventListener('touchmove', ({ touches: [touch] }) => {
  if (!start) return;
  const across = touch.clientX - start.clientX;
  if (Math.abs(touch.clientY - start.clientY) > FAR) start = undefined;
  else if (Math.abs(across) > FAR) {
    start = undefined;
    if (across > 0 !== isOpen()) drawer.togglePopover();
  }
}, { passive: true });

drawer.addEventListener('beforetoggle', ({ newState, target }) => {
  if (target !== drawer) return;
  if (newState === 'open') return history.pushState({ drawer: true }, '');
  if (isEntry()) history.back();
});

window.addEventListener('popstate', () => isOpen() && !isEntry() && drawer.hidePopover());

drawer.addEventListener('click', (event) => {
  const link = event.target.closest('a');
  if (!link || !isEntry() || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  location.replace(link.href);
});
