// Closes the help on formatting on Escape, and when the pointer goes down elsewhere.

const help = document.querySelector('.formatting');

if (help) {
  document.addEventListener('pointerdown', ({ target }) => {
    if (!help.contains(target)) help.open = false;
  });

  // The same key does nothing else: a second one leaves the composer.
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !help.open) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (help.contains(document.activeElement)) help.firstElementChild.focus();
    help.open = false;
  });
}
