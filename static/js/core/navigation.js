// Keeps the navigation current while the page is looked at, keeps which sections are folded, and scrolls it to
// the current place.

const navigation = document.getElementById('navigation');
const EVERY = 60_000; // ms
const YEAR = 31_536_000; // s

if (navigation) {
  setInterval(() => document.hidden || document.dispatchEvent(new CustomEvent('plaza:minute')), EVERY);
  navigation.addEventListener('toggle', ({ target }) => {
    if (target === navigation) return;
    const folded = [...navigation.querySelectorAll('details:not([open])')].map(({ dataset: { section } }) => section);
    document.cookie = `folded=${folded.join('.')}; path=/; max-age=${YEAR}; samesite=lax`;
  }, true);
  navigation.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
}
